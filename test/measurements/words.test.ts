import { describe, expect, it } from 'vitest';
import { comparisonOf } from '../../src/measurements/compare.ts';
import type { Difference } from '../../src/measurements/compare-differences.ts';
import type { CheckId } from '../../src/measurements/contract.ts';
import {
  answerWords,
  differenceClause,
  differenceSentences,
  differenceValue,
  differenceWithin,
  intervalWords,
  money,
  ms,
  notRunGroups,
  spentWords,
  usedPriceWords,
} from '../../src/measurements/words.ts';
import { finding, measured } from './setting.ts';

const difference = (own: Partial<Difference>): Difference => ({
  target: 'openrouter',
  quantity: 'added_first_token_ms',
  value: 38.2,
  interval: { low: 34.1, high: 43.4, level: 0.95 },
  samples: 20,
  own: 250,
  baseline: 212,
  how: 'by hand',
  ...own,
});

describe('words of differences', () => {
  it('say what a route adds, with the interval', () => {
    expect(differenceClause(difference({}), 'direct')).toBe('adds 38 ms to the first token (34 to 43 ms, 95%)');
    const markup = {
      quantity: 'markup_fraction',
      value: 0.055,
      interval: { low: 0.055, high: 0.055, level: 0.95 },
    } as const;
    expect(differenceClause(difference(markup), 'direct')).toBe('costs 5.5% more than the price book says');
    const tokens = { quantity: 'billed_tokens_ratio', value: 0.9, interval: null } as const;
    expect(differenceClause(difference(tokens), 'direct')).toBe('bills 10% fewer prompt tokens');
  });

  it('say quicker without a minus', () => {
    const quicker = difference({ value: -12, interval: { low: -20, high: -3.5, level: 0.95 } });
    expect(differenceClause(quicker, 'direct')).toBe('is 12 ms quicker to the first token (3.5 to 20 ms, 95%)');
  });

  it('claim nothing where the calls leave it open', () => {
    const comparison = comparisonOf(measured());
    const sentences = (all: readonly Difference[]) => differenceSentences({ ...comparison, differences: all });
    const open = difference({ interval: { low: -2, high: 43, level: 0.95 } });
    expect(sentences([open])).toEqual([
      'The calls can’t tell openrouter from direct in time to the first token (−2 to 43 ms).',
    ]);
    const same = difference({ quantity: 'billed_tokens_ratio', value: 1, interval: { low: 1, high: 1, level: 0.95 } });
    expect(sentences([same])).toEqual(['The same: billed prompt tokens.']);
    const list = difference({ quantity: 'markup_fraction', value: 1e-9, interval: null });
    expect(sentences([list])).toEqual(['openrouter costs what the price book says.']);
  });

  it('say shares in points and ratios in per cent', () => {
    const cache = difference({ quantity: 'cache_read_fraction', value: -0.88, interval: null });
    expect([differenceValue(cache), intervalWords(cache)]).toEqual(['−88 points', 'too few samples']);
    const errors = {
      quantity: 'error_fraction',
      value: 0.05,
      interval: { low: -0.125, high: 0.249, level: 0.95 },
    } as const;
    expect(intervalWords(difference(errors))).toBe('−12.5 to 24.9 points');
    expect(differenceValue(difference({ quantity: 'billed_tokens_ratio', value: 1.1009 }))).toBe('+10.1%');
    expect(differenceValue(difference({ value: 0.001 }))).toBe('0 ms');
  });
});

describe('words of a run', () => {
  it('round times to what can be read', () => {
    expect([0.043, 3.12, 38.4, 1234.6, -12.3].map(ms)).toEqual(['0.04 ms', '3.1 ms', '38 ms', '1,235 ms', '−12 ms']);
  });

  it('keep the digits of small amounts', () => {
    expect(money(0.00713)).toBe('$0.00713');
    expect(spentWords(measured())).toBe(
      'Spent $0.00713, at most $0.00913 with calls whose cost is not known, of a cap of $0.50.',
    );
    expect(spentWords(measured({ spent: { usd: 0.01, at_most_usd: 0.01 } }))).toBe('Spent $0.01, of a cap of $0.50.');
  });

  it('answer whether what is required is met', () => {
    const found = measured();
    expect(answerWords(comparisonOf(found))).toBe('2 of 3 routes pass what is required');
    const good = found.findings.map((one) => ({ ...one, verdict: 'pass' as const }));
    expect(answerWords(comparisonOf({ ...found, findings: good }))).toBe('All 3 routes pass what is required');
    expect(answerWords(comparisonOf({ ...found, targets: found.targets.slice(3), findings: [], evidence: [] }))).toBe(
      'No route was called',
    );
  });
});

describe('checks that were not run', () => {
  it('stand in one line for each route and reason', () => {
    const open = (of: string, check: CheckId, seen: string) => finding(of, check, { verdict: 'not_run', seen });
    expect(
      notRunGroups([
        open('a', 'streaming', 'interrupted'),
        open('a', 'latency', 'interrupted'),
        open('b', 'latency', 'interrupted'),
        open('a', 'images', 'no price'),
      ]),
    ).toEqual([
      { target: 'a', checks: 'Streaming (required), Latency', seen: 'interrupted' },
      { target: 'b', checks: 'Latency', seen: 'interrupted' },
      { target: 'a', checks: 'Images', seen: 'no price' },
    ]);
  });
});

describe('the age of a price', () => {
  const words = (own: object) =>
    usedPriceWords(
      measured({ prices: [{ seller: 's', model: 'm', as_of: '2026-11-01', age_days: 20, source: 'x', ...own }] }),
    )[0];

  it('is told in days, and doubted past half a year', () => {
    expect(words({})).toBe('s/m: read on 2026-11-01, 20 days before the run');
    expect(words({ age_days: 0 })).toBe('s/m: read on 2026-11-01, the day of the run');
    expect(words({ age_days: -1 })).toBe('s/m: read on 2026-11-01, 1 day after the run');
    expect(words({ age_days: 181 })).toContain('181 days before the run, more than the 180 after which');
    expect(words({ as_of: null, age_days: null, source: 'given with the target a: 0.04 USD an image' })).toBe(
      's/m: given with the target a: 0.04 USD an image; it has no date',
    );
  });
});

describe('a value with its interval', () => {
  const markup = (low: number, high: number) =>
    differenceWithin({
      quantity: 'markup_fraction',
      value: 0.055,
      interval: { low, high, level: 0.95 },
    });

  it('is told with what the samples leave open', () => {
    expect(markup(0.05, 0.06)).toBe('+5.5% (5 to 6%)');
  });

  it('is not said twice where the interval is the value itself', () => {
    expect(markup(0.055, 0.055)).toBe('+5.5%');
  });
});
