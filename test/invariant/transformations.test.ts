/** What a change of the inputs may and may not change. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluate.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTrace } from '../../src/io/read-trace.ts';
import { measure } from '../../src/measure.ts';
import { type PriceBook, priceBook } from '../../src/pricing/price-book.ts';
import type { TokenPrices } from '../../src/pricing/rate-card.ts';
import { substream } from '../../src/random.ts';
import { renderJson } from '../../src/report/json.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { sum } from '../../src/units.ts';
import { mergeUsage } from '../../src/usage/merge.ts';
import type { UsageTable } from '../../src/usage/table.ts';
import { amounts, direct, managed, monthly, of, requests, run } from '../costs/fixture.ts';
import { reportOf } from '../report-of.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../scenarios/${name}`, import.meta.url));

async function support() {
  const book = await readPriceBook();
  const question = await readScenario(path('support-chatbot.yaml'), [], book);
  const traffic: TraceRequest[] = [];
  await readTrace(path('traces/support-week.csv'), (request) => traffic.push(request));
  const table = (part: readonly TraceRequest[]): UsageTable => {
    const rollup = measure(question.scenario, book, `${question.scenario.start}-01`);
    for (const request of part) rollup.add(request);
    return rollup.table();
  };
  const json = (usage: UsageTable): string => renderJson(reportOf(evaluate(question, usage, book), book));
  return { traffic, table, json };
}

describe('a trace', () => {
  it('in another order gives the same bytes', async () => {
    const { traffic, table, json } = await support();
    const random = substream(7, 'shuffle');
    const shuffled = [...traffic];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const k = random.integer(i + 1);
      [shuffled[i], shuffled[k]] = [shuffled[k]!, shuffled[i]!];
    }
    expect(json(table(shuffled))).toBe(json(table(traffic)));
  });

  it('in parts that are added gives the same bytes, whatever the order of the parts', async () => {
    const { traffic, table, json } = await support();
    const parts = [0, 1, 2].map((part) =>
      table(traffic.filter((_, i) => i % 7 < 3 === (part === 0) && part < 2 === i % 7 < 5)),
    );
    const [a, b, c] = parts as [UsageTable, UsageTable, UsageTable];
    expect(sum(parts.flatMap((part) => part.rows.map((row) => row.requests)))).toBe(traffic.length);
    const whole = json(table(traffic));
    expect(json(mergeUsage(mergeUsage(a, b), c))).toBe(whole);
    expect(json(mergeUsage(c, mergeUsage(b, a)))).toBe(whole);
  });
});

const alike = {
  horizon: 24,
  discount_rate: '8 %/year',
  traffic: monthly(70_000, 0.02),
  engineering: {},
  needs: { fallback: 'optional', budgets: 'required' },
  outages: { from: 'history' },
  value: { per_request: '0.01 to 0.05 USD' },
} as const;

describe('two strategies that are copies', () => {
  it.each([
    ['direct', direct],
    ['managed', managed('toll', { top_up: 15 })],
    ['with a plan', managed('plans')],
    ['self-hosted', { id: 'proxy', kind: 'self_hosted_gateway', gateway: 'proxy' }],
  ])('differ by exactly nothing: %s', (_, spec) => {
    const found = run({ ...alike, baseline: spec.id, strategies: [spec, { ...spec, id: 'copy' }] }, requests(350));
    expect(of(found, 'copy').npv_usd - of(found, spec.id).npv_usd).toBe(0);
    expect(of(found, 'copy').monthly_usd).toEqual(of(found, spec.id).monthly_usd);
    for (const one of found.break_even) {
      expect(one.crossings).toEqual([]);
      expect(one.nearest.difference).toBe(0);
    }
    const { break_even } = reportOf(found, book());
    for (const { verdict } of break_even) expect(verdict).toBe(`${spec.id} and copy cost the same`);
  });
});

const book = (): PriceBook => priceBook({ sellers: [], gateways: [], outages: {} as PriceBook['outages'], digest: '' });

describe('a phased strategy', () => {
  const phased = {
    id: 'later',
    kind: 'phased',
    phases: [{ via: 'toll', for: 5 }, { via: 'proxy', for: 6 }, { via: 'direct' }],
    migration: '10 hours',
  };
  const proxy = { id: 'proxy', kind: 'self_hosted_gateway', gateway: 'proxy' };
  const found = run({ ...alike, strategies: [direct, managed('toll'), proxy, phased] }, requests(350));
  const { lines } = of(found, 'later');

  it('costs in each month what the strategy of the phase costs, its start without what is there already and the change-over included', () => {
    const parts = [
      { id: 'toll', from: 0, until: 5 },
      { id: 'proxy', from: 5, until: 11 },
      { id: 'direct', from: 11, until: 24 },
    ];
    const rate = found.prepared.model.inputs.find(({ path: name }) => name === 'engineering.loaded_rate')!.central;
    const built = new Map<string, number>();
    let spared = 0;
    for (const { id, from, until } of parts) {
      const own = of(found, id).lines;
      const once_only = own.filter(({ line }) => line.timing === 'start');
      const start = sum(
        once_only.map(({ line, amounts_usd }) => {
          const before = line.component === 'engineering' ? (built.get(line.label) ?? 0) : 0;
          built.set(line.label, Math.max(before, amounts_usd[0]!));
          spared += Math.min(before, amounts_usd[0]!);
          return amounts_usd[0]! - Math.min(before, amounts_usd[0]!);
        }),
      );
      for (let month = from; month < until; month++) {
        const running = sum(own.filter(({ line }) => line.timing === 'monthly').map((one) => one.amounts_usd[month]!));
        const once = month === from ? start + (from === 0 ? 0 : 10 * rate) : 0;
        expect(of(found, 'later').monthly_usd[month]).toBeCloseTo(running + once, 6);
      }
    }
    expect(spared).toBeGreaterThan(0);
  });

  it('has the lines of a phase within its window', () => {
    expect(new Set(lines.map(({ from, until }) => `${from}-${until}`))).toEqual(new Set(['0-5', '5-11', '11-24']));
    expect(lines.filter(({ line }) => line.label.startsWith('Change-over')).map(({ from }) => from)).toEqual([5, 11]);
  });

  it('that never leaves its first phase costs what that costs', () => {
    const stays = { id: 'stays', kind: 'phased', phases: [{ via: 'toll', for: 24 }, { via: 'direct' }] };
    const same = run({ ...alike, strategies: [direct, managed('toll'), stays] }, requests(350));
    expect(of(same, 'stays').npv_usd).toBeCloseTo(of(same, 'toll').npv_usd, 6);
    expect(of(same, 'stays').monthly_usd).toEqual(of(same, 'toll').monthly_usd);
  });
});

describe('token prices', () => {
  it('twice as high give token charges twice as high', async () => {
    const real = await readPriceBook();
    const question = await readScenario(path('support-chatbot.yaml'), [], real);
    const traffic: TraceRequest[] = [];
    await readTrace(path('traces/support-week.csv'), (request) => traffic.push(request));
    const twice = doubled(real);
    const rollup = measure(question.scenario, real, '2026-12-01');
    for (const request of traffic) rollup.add(request);
    const usage = rollup.table();
    const [before, after] = [real, twice].map((from) => reportOf(evaluate(question, usage, from), from));
    before!.strategies.forEach((strategy, i) => {
      const other = after!.strategies[i]!;
      expect(other.by_component.token_charges! / strategy.by_component.token_charges!).toBeCloseTo(2, 9);
      expect(other.by_component.engineering).toBeCloseTo(strategy.by_component.engineering!, 6);
    });
  });
});

function doubled(from: PriceBook): PriceBook {
  const twice = (prices: TokenPrices): TokenPrices =>
    Object.fromEntries(Object.entries(prices).map(([key, usd]) => [key, usd! * 2]));
  return {
    ...from,
    sellers: new Map(
      [...from.sellers].map(([id, file]) => [
        id,
        {
          ...file,
          cards: file.cards.map((card) => ({
            ...card,
            periods: card.periods.map((period) => ({
              ...period,
              usd_per_mtok: twice(period.usd_per_mtok),
              cliffs: period.cliffs.map((one) => ({ ...one, usd_per_mtok: twice(one.usd_per_mtok) })),
              windows: period.windows.map((one) => ({ ...one, usd_per_mtok: twice(one.usd_per_mtok) })),
              tiers: Object.fromEntries(
                Object.entries(period.tiers).map(([tier, one]) => [
                  tier,
                  { ...one!, usd_per_mtok: twice(one!.usd_per_mtok) },
                ]),
              ),
            })),
          })),
        },
      ]),
    ),
  };
}

describe('volume', () => {
  it('twice as high gives twice the charges, and the same engineering', () => {
    const at = (volume: number) => run({ ...alike, traffic: monthly(volume, 0.02) }, requests(350));
    const [one, two] = [at(50_000), at(100_000)];
    for (const label of ['Input tokens', 'Output tokens', 'Requests lost']) {
      amounts(two, 'direct', label).forEach((usd, month) => {
        expect(usd / amounts(one, 'direct', label)[month]!).toBeCloseTo(2, 12);
      });
    }
    expect(amounts(two, 'direct', 'Build: adapters')).toEqual(amounts(one, 'direct', 'Build: adapters'));
  });
});
