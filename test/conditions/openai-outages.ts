/** A seller's record of outages as the price book has it, in numbers of its own: a change of the book moves no test. */
import type { OutageRenewal } from '../../src/conditions/outage-renewal.ts';

/** pricing/outages.yaml, OpenAI's API: At-Large research, ICPE 2025 data set, atlarge@36c45981. */
export const openai: OutageRenewal = {
  classes: [
    { severity: 'full', hours_per_month: 0.482, failing_fraction: 1, in_scope_fraction: 1 },
    { severity: 'partial', hours_per_month: 3.3034, failing_fraction: 0.3, in_scope_fraction: 0.5 },
    { severity: 'degraded', hours_per_month: 21.7646, failing_fraction: 0.01, in_scope_fraction: 0.5 },
  ],
  mean_hours_per_incident: 4.59,
  duration_sigma: 1.376,
  gap_cv: 1.34,
};
