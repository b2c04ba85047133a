/**
 * A scenario with what it leaves out but could state, at the value that changes nothing: prices and outage hours times 1, a
 * request worth 0. For a page on which those are moved; the answer is the same to the last digits.
 */
import { assumed } from '../amount.ts';
import type { Scenario } from './schema.ts';

const SOURCE = 'not stated by the scenario';

export const opened = (scenario: Scenario): Scenario => ({
  ...scenario,
  price_factor: scenario.price_factor ?? assumed(1, '1', 'price_factor', SOURCE),
  outages: {
    ...scenario.outages,
    hours_factor: scenario.outages.hours_factor ?? assumed(1, '1', 'outages.hours_factor', SOURCE),
  },
  value: {
    ...scenario.value,
    per_request: scenario.value.per_request ?? assumed(0, 'USD', 'value.per_request', SOURCE),
  },
});
