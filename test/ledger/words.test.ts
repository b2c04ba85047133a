/** Verdicts in words, and what a comparison comes to. */
import { describe, expect, it } from 'vitest';
import type { LedgerClaim } from '../../src/ledger/contract.ts';
import {
  afterVerdict,
  comparisonWords,
  firstSentence,
  hereWords,
  inputName,
  inputValue,
  verdictWords,
} from '../../src/ledger/words.ts';

const VOLUME = { path: 'traffic.volume.requests_per_month', unit: 'request/month', from: 0, to: 1e6, at: 50_000 };
const RATE = { path: 'engineering.loaded_rate', unit: 'USD/work_hour', from: 50, to: 150, at: 90 };
type Verdicts = readonly ('holds' | 'fails')[];
const stretches = (cuts: readonly number[], verdicts: Verdicts) =>
  verdicts.map((verdict, i) => ({ from: cuts[i]!, to: cuts[i + 1]!, verdict }));
const words = (own: Partial<LedgerClaim>): string =>
  verdictWords({
    verdict: 'holds_where',
    here: 'holds',
    over: [],
    stretches: [],
    rows: [],
    share_fraction: null,
    ...own,
  });

describe('a verdict in words', () => {
  it('names the boundary of one input', () => {
    const over = [VOLUME];
    const one = (cuts: readonly number[], verdicts: Verdicts) => words({ over, stretches: stretches(cuts, verdicts) });
    expect(one([0, 217_777.8, 1e6], ['holds', 'fails'])).toBe('holds below 218,000 requests a month');
    expect(one([0, 217_777.8, 1e6], ['fails', 'holds'])).toBe('holds above 218,000 requests a month');
    expect(one([0, 1000, 2000, 1e6], ['fails', 'holds', 'fails'])).toBe(
      'holds between 1,000 requests a month and 2,000 requests a month',
    );
    expect(words({ over: [RATE], stretches: stretches([50, 96.4, 150], ['holds', 'fails']) })).toBe(
      'holds where an engineer’s hour is below $96.40/hour',
    );
  });

  it('tells both ends of a map', () => {
    const rows = [
      { at: 50, stretches: stretches([0, 1e6], ['fails']) },
      { at: 150, stretches: stretches([0, 5e5, 1e6], ['holds', 'fails']) },
    ];
    expect(words({ over: [VOLUME, RATE], rows, share_fraction: 0.2512 })).toBe(
      'holds in 25% of the map: where an engineer’s hour is $50/hour, nowhere; where it is $150/hour, below 500,000 requests a month',
    );
  });

  it('is the verdict alone where nothing varies, and says so where it is the same everywhere', () => {
    expect(words({ verdict: 'fails' })).toBe('fails');
    expect(words({ verdict: 'holds', over: [VOLUME] })).toBe(
      'holds for any volume from 0 requests a month to 1,000,000 requests a month',
    );
    expect(words({ verdict: 'unknown' })).toMatch(/^can’t be said/);
    expect(hereWords({ over: [VOLUME], here: 'fails' })).toBe(
      'Where the scenario stands (volume 50,000 requests a month) it fails.',
    );
  });
});

it('what follows a verdict does not say it again', () => {
  const after = (verdict: 'holds' | 'holds_where', words: string) => afterVerdict({ verdict, words });
  expect(after('holds', 'holds')).toBe('.');
  expect(after('holds', 'holds for any volume')).toBe(' for any volume.');
  expect(after('holds_where', 'holds below 5%')).toBe(': below 5%.');
  expect(after('holds_where', 'holds where share is above 47%')).toBe(' share is above 47%.');
});

describe('inputs in words', () => {
  it('have a name without a path', () => {
    expect(inputName('inputs.complex_share')).toBe('complex share');
    expect(inputName('engineering.adapter.build')).toMatch(/^“.*”$/);
  });

  it('have three digits, and next to nothing is nothing', () => {
    const share = { path: 'inputs.x', unit: '1', from: 0, to: 1, at: 0 };
    expect(inputValue(0.12345, share)).toBe('12.3%');
    expect(inputValue(1e-12, share)).toBe('0');
    expect(inputValue(0.5, { ...share, to: 5 })).toBe('0.5');
  });
});

describe('a comparison in words', () => {
  const one = { left: 'npv_usd.direct', operator: '<', right: 'npv_usd.gateway', verdict: 'fails' as const };
  it('has the values put in', () => {
    expect(comparisonWords({ ...one, left_value: 4312.4, right_value: 3998.1 })).toBe(
      'npv_usd.direct = 4,312.40 < npv_usd.gateway = 3,998.10: does not hold',
    );
  });
  it('leaves numbers as they are written', () => {
    expect(comparisonWords({ ...one, right: '300', left_value: 3.21987654, right_value: 300, verdict: 'holds' })).toBe(
      'npv_usd.direct = 3.21988 < 300: holds',
    );
  });
});

it('the first sentence of a reason ends at its stop, not within a figure', () => {
  expect(firstSentence('At 5.5 % it holds. Above it does not.')).toBe('At 5.5 % it holds.');
  expect(firstSentence('no stop')).toBe('no stop');
});
