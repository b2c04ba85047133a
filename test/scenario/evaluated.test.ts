/** A bundled scenario whose rate and volume are formulas over named inputs: lines, sweeps, break-even and draws move through them. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluate.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTraffic } from '../../src/io/read-traffic.ts';
import type { Report } from '../../src/report/contract.ts';
import { runScenario, SCENARIOS } from '../invariant/fixture.ts';
import { evaluateWithMathjs } from '../mathjs-reference.ts';
import { reportOf } from '../report-of.ts';

const FILE = fileURLToPath(new URL('../../scenarios/support-chatbot.yaml', import.meta.url));
const FORMULAS = [
  'inputs={salary: 140000 USD/year, overhead: 1.42, work_hours: {value: 2080, unit: work_hour/year}, tickets: 47750 request/month, per_ticket: 2}',
  'engineering.loaded_rate={formula: salary * overhead / work_hours, source: finance}',
  'traffic.volume.requests_per_month== tickets * per_ticket',
];
const PLAIN = ['engineering.loaded_rate=95.57692307692308 USD/hour', 'traffic.volume.requests_per_month=95500'];
const UNCERTAIN = ['inputs.tickets=30000 to 90000 request/month', 'inputs.salary=100000 to 200000 USD/year'];

const book = await readPriceBook();
async function evaluated(sets: readonly string[], draws = 0) {
  const question = await readScenario(FILE, sets, book);
  const { usage, replays } = await readTraffic(question.scenario, FILE, book);
  return evaluate(question, usage, book, replays, { draws, incidents: 'expected' });
}

describe('a scenario with formulas', () => {
  let report: Report;
  let plain: Report;
  beforeAll(async () => {
    report = reportOf(await evaluated(FORMULAS), book);
    plain = reportOf(await evaluated(PLAIN), book);
  });

  it('costs what the numbers cost that the formulas give', () => {
    expect(report.strategies.length).toBe(plain.strategies.length);
    report.strategies.forEach(({ npv_usd }, i) => {
      expect(npv_usd! / plain.strategies[i]!.npv_usd!).toBeCloseTo(1, 12);
    });
  });

  it('breaks even where the numbers do, over volume and over the rate', () => {
    expect(report.break_even.length).toBeGreaterThan(5);
    expect(rounded(report.break_even)).toBe(rounded(plain.break_even));
  });

  it('shows the formula as the source of what lines read, and lines are what their formulas give', () => {
    const lines = report.strategies.flatMap(({ line_items }) => line_items);
    const read = lines.filter(({ inputs }) => inputs.rate !== undefined);
    expect(read.length).toBeGreaterThan(3);
    for (const { formula, inputs, timing, amounts_usd, months } of read) {
      expect(inputs.rate!.source).toBe('= salary * overhead / work_hours; finance');
      expect(inputs.rate!.value).toBeCloseTo(95.57692307692308, 12);
      if (timing !== 'start') continue;
      const values = Object.entries(inputs).map(([name, { value }]) => [name, value!]);
      expect(amounts_usd[months.from]! / evaluateWithMathjs(formula, Object.fromEntries(values))).toBeCloseTo(1, 12);
    }
  });

  it('lists named inputs and formulas among its assumptions', () => {
    const assumption = (path: string) => report.assumptions.find((one) => one.path === path);
    expect(assumption('inputs.salary')).toMatchObject({ value: 140_000, unit: 'USD/year', given: true });
    expect(assumption('engineering.loaded_rate')).toMatchObject({
      unit: 'USD/work_hour',
      source: '= salary * overhead / work_hours; finance',
      given: true,
    });
    expect(assumption('traffic.volume.requests_per_month')).toMatchObject({ source: '= tickets * per_ticket' });
  });
});

describe('draws of a scenario with formulas', () => {
  const DRAWS = 500;
  const widthOf = (evaluation: Awaited<ReturnType<typeof evaluated>>): number => {
    const { strategies } = reportOf(evaluation, book).uncertainty!;
    const { p5, p95 } = strategies.find(({ id }) => id === 'direct')!.npv_usd;
    return p95 - p5;
  };
  const spread = async (more: readonly string[]) => {
    const found = await evaluated([...FORMULAS, ...UNCERTAIN, ...more], DRAWS);
    return { width: widthOf(found), diagnostics: found.diagnostics };
  };
  const together = (rank: number) => [
    `correlations={pairs: [{between: [inputs.tickets, inputs.salary], rank: ${rank}}]}`,
  ];

  it('move by the inputs that the formulas read', async () => {
    const fixed = await evaluated(FORMULAS, DRAWS);
    expect((await spread([])).width).toBeGreaterThan(1.5 * widthOf(fixed));
  });

  it('spread wider where costs rise together, and less where one rises as the other falls', async () => {
    const [apart, alone, joined] = [await spread(together(-0.9)), await spread([]), await spread(together(0.9))];
    expect(apart.width).toBeLessThan(alone.width);
    expect(joined.width).toBeGreaterThan(alone.width);
  });

  it('tell of correlations with what no cost depends on', async () => {
    const unread = [
      'inputs.idle=1 to 3',
      'correlations={pairs: [{between: [inputs.tickets, inputs.idle], rank: 0.5}]}',
    ];
    const { diagnostics } = await spread(unread);
    expect(diagnostics.find(({ code }) => code === 'CORRELATION_LEFT_OUT')).toMatchObject({
      path: 'correlations.pairs[0]',
      message: 'inputs.idle: no cost depends on it, so that this correlation changes nothing',
    });
  });
});

describe('an input that costs depend on and that has a spread', () => {
  it.each(SCENARIOS.filter((name) => name !== 'single-model-low-volume.yaml'))(
    'can be correlated by its path, whoever states it: %s',
    async (name) => {
      const { evaluation } = await runScenario(name);
      const paths = evaluation.prepared.model.inputs.filter(({ spec }) => spec.is !== 'point').map(({ path }) => path);
      expect(paths.length).toBeGreaterThan(5);
      const pairs = paths.slice(1).map((path, i) => ({ between: [paths[i], path], rank: 0.1 }));
      const file = fileURLToPath(new URL(`../../scenarios/${name}`, import.meta.url));
      const { scenario } = await readScenario(file, [`correlations=${JSON.stringify({ pairs })}`], book);
      expect(scenario.correlations!.pairs.length).toBe(paths.length - 1);
    },
  );
});

/** Nine digits: formulas convert units, which moves the last bits. */
const rounded = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'number' ? Number(inner.toPrecision(9)) : inner));
