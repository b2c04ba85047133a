/**
 * Own hardware: machines, bought or rented, on which one serves open weights oneself. No token that they answer is billed.
 *
 *   busy hours   requests x seconds / 3600, or windows x (input / input_per_s + output / output_per_s) / 3600
 *   machines     max(min_machines, ceil(busy hours x peak / (730 x utilisation))), peak 1 where work can wait
 *   bought       machines x price / life;  rented: machines x rent
 *   power        machines x watts / 1000 x 730 x usd_per_kwh
 *   work         set-up once; machines x hours x rate a month
 *
 * Example: 1,000,000 requests a month of 2 s are 555.6 busy hours; at a busiest minute of 3 times the mean and 60 % busy,
 * ceil(3.805) = 4 machines, 2 where work can wait. At 3,600 USD over 36 months 4 cost 400 USD a month, 200 W each at 0.30
 * USD/kWh 175.20 USD, 2 hours of care each at 100 USD/h 800 USD. 1,000 tokens in at 5,000/s and 100 out at 50/s take 2.2 s.
 * Source: `serving` of a gateway of the scenario; throughput is measured, never simulated. Cached prompts count as read anew.
 * Not modelled: payment at purchase and resale (the price is shared out evenly), queues, time to answer, power that follows
 * load, models that don't fit side by side, requests that arrive since a seller failed.
 */
import { warning } from '../errors.ts';
import { answerTokens, promptTokens } from '../meters.ts';
import type { Quantity } from '../model/model.ts';
import type { Serving } from '../pricing/serving.ts';
import { defaults } from '../scenario/defaults.ts';
import { HOURS_PER_MONTH } from '../units.ts';
import type { UsageRow } from '../usage/table.ts';
import { type Channel, rowsThrough, servesItself } from './access.ts';
import { assumedHits } from './cache-shares.ts';
import type { CostInputs, Spend } from './cost-inputs.ts';
import { requestsThrough } from './token-charges.ts';

export function ownHardware(x: CostInputs, spends: readonly Spend[]): void {
  warnOfUncounted(x);
  x.access.channels.forEach((channel, i) => {
    const serving = channel.gateway?.serving;
    if (serving === undefined || (spends[i]?.window_requests ?? 0) === 0) return;
    const machines = machinesOf(x, channel, serving);
    machineLines(x, channel.via, serving, machines);
    workLines(x, channel.via, serving, machines);
  });
}

function machineLines({ sheet, add }: CostInputs, via: string, { machine }: Serving, machines: Quantity): void {
  const line = { component: 'infrastructure', cash: true, timing: 'monthly' } as const;
  const { price, life, rent, power } = machine;
  if (price !== undefined && life !== undefined)
    add({
      ...line,
      label: `Machines, bought (${via})`,
      formula: 'machines * usd_per_machine / life_months',
      inputs: { machines, usd_per_machine: sheet.amount(price), life_months: sheet.amount(life) },
    });
  if (rent !== undefined)
    add({
      ...line,
      label: `Machines, rented (${via})`,
      formula: 'machines * usd_per_month',
      inputs: { machines, usd_per_month: sheet.amount(rent) },
    });
  if (power !== undefined)
    add({
      ...line,
      label: `Power (${via})`,
      formula: 'machines * watts / 1000 * hours_per_month * usd_per_kwh',
      inputs: {
        machines,
        watts: sheet.amount(power.draw),
        hours_per_month: sheet.number(HOURS_PER_MONTH, 'hour/month', 'hours of a month'),
        usd_per_kwh: sheet.amount(power.price),
      },
    });
}

function workLines(x: CostInputs, via: string, { setup, care }: Serving, machines: Quantity): void {
  const line = { component: 'engineering', cash: true } as const;
  const rate = x.stated(x.scenario.engineering.loaded_rate, defaults.loadedRate);
  x.add({
    ...line,
    label: `Set up the machines (${via})`,
    timing: 'start',
    formula: 'hours * rate',
    inputs: { hours: x.sheet.amount(setup), rate },
  });
  x.add({
    ...line,
    label: `Care of the machines (${via})`,
    timing: 'monthly',
    formula: 'machines * hours * rate',
    inputs: { machines, hours: x.sheet.amount(care), rate },
  });
}

function machinesOf(x: CostInputs, channel: Channel, serving: Serving): Quantity {
  const { sheet } = x;
  const through = rowsThrough(channel, x.usage.rows);
  const rows = through.filter(({ model }) => servesItself(channel, model));
  if (rows.length === 0) warnOfIdle(x, channel.via, serving, through);
  const path = `gateways.${channel.via}.serving`;
  const isForPeak = serving.sized_for === 'peak';
  return sheet.derive(
    `max(min_machines, ceil(busy_hours${isForPeak ? ' * peak_to_mean' : ''} / (hours_per_month * utilisation)))`,
    {
      min_machines: sheet.number(serving.min_machines, 'machine', `${path}.min_machines`),
      busy_hours: busyHours(x, channel, serving, rows),
      ...(isForPeak ? { peak_to_mean: x.demand.peak_to_mean } : {}),
      hours_per_month: sheet.number(HOURS_PER_MONTH, 'hour/month', 'hours of a month'),
      utilisation: sheet.amount(serving.utilisation),
    },
    'machine',
    `max(min_machines, ceil(busy hours of the month${isForPeak ? ' x peak over mean' : ''} / (730 x utilisation)))`,
  );
}

/** Hours of machines that the requests of a month take. */
function busyHours(
  x: CostInputs,
  channel: Channel,
  { time_per_request, throughput }: Serving,
  rows: readonly UsageRow[],
): Quantity {
  const { sheet } = x;
  const total = (count: (row: UsageRow) => number): number => rows.reduce((sum, row) => sum + count(row), 0);
  if (throughput === undefined)
    return sheet.derive(
      'requests * seconds / 3600',
      {
        requests: requestsThrough(
          x,
          channel,
          total((row) => row.requests),
        ),
        seconds: sheet.amount(time_per_request!),
      },
      'hour',
      'requests of the month x seconds of a machine / 3,600',
    );
  const hits = assumedHits(x);
  return sheet.derive(
    'windows * (1 - hit_share) * (input_tokens / input_per_s + output_tokens / output_per_s) / 3600',
    {
      windows: x.demand.windows,
      hit_share: hits === undefined ? sheet.number(0, '1', 'no response cache') : sheet.amount(hits),
      input_tokens: sheet.number(total(promptTokens), 'tokens', 'prompt tokens in the measured window'),
      input_per_s: sheet.amount(throughput.input),
      output_tokens: sheet.number(total(answerTokens), 'tokens', 'tokens of answers in the measured window'),
      output_per_s: sheet.amount(throughput.output),
    },
    'hour',
    'tokens of the month / tokens of a machine in a second / 3,600',
  );
}

/** Models of one's own machines that no machine of the scenario answers: their price of 0 is not what they cost. */
function warnOfUncounted({ id, access, usage, quotes, warn }: CostInputs): void {
  const local = new Set([...new Set(usage.rows.map(({ model }) => model))].filter((model) => quotes.isLocal(model)));
  if (local.size === 0) return;
  const rows = usage.rows.filter(({ model }) => local.has(model));
  const names = access.channels.flatMap((channel) =>
    rowsThrough(channel, rows).flatMap(({ model }) => (servesItself(channel, model) ? [] : [model])),
  );
  const message = (model: string): string =>
    `nobody bills a token of ${model}, and no machine of the scenario answers it: hardware is not counted; name it under \`serving.models\` of a gateway`;
  for (const model of new Set(names)) warn(warning('HARDWARE_NOT_COUNTED', `strategies.${id}`, message(model)));
}

/** Names that no request has are most likely slips: their tokens are then billed, and the machines stand idle. */
function warnOfIdle({ warn }: CostInputs, via: string, { models }: Serving, through: readonly UsageRow[]): void {
  const asked = [...new Set(through.map(({ model }) => model))].join(', ');
  const message = `no request that goes through ${via} asks for ${models.join(' or ')}; they ask for ${asked}`;
  warn(warning('WITHOUT_EFFECT', `gateways.${via}.serving.models`, message));
}
