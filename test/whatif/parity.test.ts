import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/evaluate.ts';
import { setFlags } from '../../src/whatif/set-flags.ts';
import type { Driver, Outcome, Settings } from '../../src/whatif/what-if.ts';
import { type Setting, settingOf } from './setting.ts';

/** Equal to 1e-9 of the larger of the two, or of what stands beside them. */
function near(found: number, expected: number, scale: number, what: string): void {
  const error = Math.abs(found - expected);
  if (!(error <= 1e-9 * Math.max(scale, Math.abs(expected))))
    throw new Error(`${what}: ${found} in place of ${expected}`);
}

function compare(outcome: Outcome, expected: Answer, what: string): void {
  expect(outcome.alternatives.map(({ id }) => id)).toEqual(expected.alternatives.map(({ id }) => id));
  const dearest = Math.max(...expected.alternatives.map(({ npv_usd }) => Math.abs(npv_usd)));
  expected.alternatives.forEach((one, i) => {
    const found = outcome.alternatives[i]!;
    const where = `${what}: ${one.id}`;
    expect([found.excluded, found.comes_to], where).toEqual([one.excluded, one.comes_to]);
    expect(found.npv_usd === null, where).toBe(one.isUnpriced);
    if (found.npv_usd !== null) near(found.npv_usd, one.npv_usd, 0, `${where} npv`);
    if (found.cash_npv_usd !== null) near(found.cash_npv_usd, one.cash_npv_usd, 0, `${where} cash`);
    one.monthly_usd.forEach((amount, month) => {
      near(found.monthly_usd[month]!, amount, dearest / one.monthly_usd.length, `${where} month ${month}`);
    });
    const sums: Record<string, number> = {};
    for (const { line, amounts_usd } of one.lines)
      sums[line.component] = (sums[line.component] ?? 0) + amounts_usd.reduce((a, b) => a + b, 0);
    expect(Object.keys(found.by_component).sort(), where).toEqual(Object.keys(sums).sort());
    for (const [component, sum] of Object.entries(sums))
      near(found.by_component[component]!, sum, dearest, `${where} ${component}`);
  });
  expect(outcome.recommendation?.strategy, what).toBe(expected.recommendation?.strategy);
  expect(outcome.recommendation?.versus, what).toBe(expected.recommendation?.versus);
}

async function holds(setting: Setting, settings: Settings): Promise<void> {
  const flags = setFlags(setting.whatIf, settings);
  expect(flags.filter((flag) => flag === '--set').length).toBe(Object.keys(settings).length);
  compare(setting.recomputer.run(settings), await setting.with(flags), flags.join(' '));
}

/** Each driver on its own, at one end or the other, or in between. */
const alone = (drivers: readonly Driver[]): Settings[] =>
  drivers.map((driver, i) => ({ [driver.path]: placeOf(driver, i) }));

const placeOf = ({ kind, least, most, central }: Driver, i: number): number =>
  kind === 'switch' ? 1 - central : [least, most, least + 0.37 * (most - least)][i % 3]!;

/** Neighbours in pairs, then every third with all that is left of it, then all at once. */
function together(drivers: readonly Driver[]): Settings[] {
  const settings = (picked: readonly Driver[], shift: number): Settings =>
    Object.fromEntries(picked.map((driver, i) => [driver.path, placeOf(driver, i + shift)]));
  const pairs = drivers.flatMap((driver, i) => (i % 8 === 0 ? [settings([driver, drivers.at(-1 - i)!], i)] : []));
  const thirds = [0, 1, 2].map((k) =>
    settings(
      drivers.filter((_, i) => i % 3 === k),
      k,
    ),
  );
  return [...pairs, ...thirds, settings(drivers, 1), settings(drivers, 2)];
}

const settable = ({ whatIf }: Setting): Driver[] => whatIf.drivers.filter((driver) => driver.settable);

const BEST = [
  'strategies.start-then-leave.phases.0.for=best',
  'contracts.mistral={commitment_usd_per_month: best, discount: 20 %}',
  'contracts.openai={commitment_usd_per_month: best, discount: 15 %, step_usd: 25}',
  'needs.attribution={need: optional, absence: 200}',
  'needs.dashboards=optional',
  'strategies.direct.library=a library',
];

const COMPUTED = [
  'inputs={salary: 110000 to 150000 USD/year, hours: 1700 to 1900 work_hours/year}',
  'engineering.loaded_rate== salary / hours',
  'gateways.openrouter.fees.token_markup=1 %',
  'price_factor=0.9',
];

const SEASON = ['contracts.openai={commitment_usd_per_month: best, discount: 10 %}'];

describe.each([
  ['a support chatbot', 'support-chatbot.yaml', []],
  ['an MVP', 'mvp-team-of-three.yaml', []],
  ['one model', 'single-model-low-volume.yaml', []],
  ['replayed strategies', 'fallback-cache-and-batch.yaml', []],
  ['figures computed from named inputs', 'single-model-low-volume.yaml', COMPUTED],
  ['searched change-over and contracts', 'support-chatbot.yaml', BEST],
  ['a season', 'starters/seasonal-traffic.yaml', SEASON],
] as const)('what-if of %s', (_, name, base) => {
  const ready = settingOf(name, base);

  it('says at the scenario’s own values what the evaluation says', async () => {
    const setting = await ready;
    compare(setting.recomputer.run({}), setting.evaluation as unknown as Answer, 'as it stands');
    expect(setting.recomputer.run({}).recommendation).toEqual(setting.evaluation.recommendation);
  });

  it('says of each driver what --set says', async () => {
    const setting = await ready;
    for (const settings of alone(settable(setting))) await holds(setting, settings);
  }, 300_000);

  it('says of drivers together what --set says, and forgets what was set before', async () => {
    const setting = await ready;
    for (const settings of together(settable(setting))) await holds(setting, settings);
    compare(setting.recomputer.run({}), setting.evaluation as unknown as Answer, 'as it stands');
  }, 300_000);
});
