import { describe, expect, it } from 'vitest';
import { comparisonOf } from '../../src/measurements/compare.ts';
import { neutralOf, shareDifference, sideOf } from '../../src/measurements/compare-differences.ts';
import { shareInterval } from '../../src/measurements/intervals.ts';
import { substream } from '../../src/random.ts';
import { exchange, figure, finding, measured, target } from './setting.ts';

const differenceOf = (found = measured(), of = 'openrouter', quantity = 'added_first_token_ms') =>
  comparisonOf(found).differences.find((one) => one.target === of && one.quantity === quantity);

describe('a comparison', () => {
  it('sets the baseline first, then the others by id, and those that were skipped apart', () => {
    const { targets, skipped, baseline, standings } = comparisonOf(measured());
    expect(targets.map(({ id }) => id)).toEqual(['direct', 'litellm', 'openrouter']);
    expect(skipped.map(({ id, skipped: why }) => [id, why])).toEqual([
      ['portkey', 'the environment variable PORTKEY_API_KEY is not set'],
    ]);
    expect(baseline?.id).toBe('direct');
    expect(standings.map(({ unmet }) => unmet.map(({ check }) => check))).toEqual([[], [], ['error_shape']]);
    expect(standings[1]!.counts).toEqual({ pass: 16, fail: 2, not_supported: 1, not_run: 1 });
  });

  it('does not show in which order a run happened to finish', () => {
    const found = measured();
    const expected = JSON.stringify(comparisonOf(found));
    const random = substream(3, 'order');
    const shuffled = <T>(items: readonly T[]): T[] =>
      items
        .map((item) => ({ item, at: random.uniform() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item);
    for (let i = 0; i < 20; i++) {
      const { targets, findings, evidence } = found;
      const other = {
        ...found,
        targets: shuffled(targets),
        findings: shuffled(findings),
        evidence: shuffled(evidence),
      };
      expect(JSON.stringify(comparisonOf(other))).toBe(expected);
    }
  });

  it('lists what failed, required first', () => {
    expect(comparisonOf(measured()).failures.map(({ target: of, check }) => `${of} ${check}`)).toEqual([
      'openrouter error_shape',
      'litellm usage_accounting',
      'litellm prompt_cache',
    ]);
  });

  it('shows the worse of two findings of one check', () => {
    const found = measured();
    const again = finding('direct', 'latency', { verdict: 'fail', seen: 'slow' });
    const { rows } = comparisonOf({ ...found, findings: [...found.findings, again] });
    expect(rows.find(({ check }) => check === 'latency')?.cells[0]?.seen).toBe('slow');
  });

  it('of nothing is empty, and of a run without a baseline has no differences of times', () => {
    const found = measured();
    const empty = comparisonOf({ ...found, targets: [], findings: [], evidence: [] });
    expect([empty.rows, empty.differences, empty.errors, empty.failures]).toEqual([[], [], [], []]);
    const without = comparisonOf({ ...found, targets: found.targets.map((one) => ({ ...one, is_baseline: false })) });
    expect(without.baseline).toBeUndefined();
    expect(without.differences.map(({ quantity }) => quantity)).toEqual(['markup_fraction']);
  });
});

describe('differences', () => {
  it('are found in the evidence: a hop of 38 ms, 5.5 % more, a tenth more tokens, a cache that was dropped', () => {
    const hop = differenceOf()!;
    expect(hop.samples).toBe(20);
    expect(hop.interval!.low).toBeLessThan(38);
    expect(hop.interval!.high).toBeGreaterThan(38);
    expect(sideOf(hop)).toBe('more');
    const markup = differenceOf(measured(), 'openrouter', 'markup_fraction')!;
    expect(markup.value).toBeCloseTo(0.055, 12);
    expect(markup.interval!.low).toBeCloseTo(0.055, 9);
    const tokens = differenceOf(measured(), 'litellm', 'billed_tokens_ratio')!;
    expect(tokens.value).toBeCloseTo(611 / 555, 12);
    const cache = differenceOf(measured(), 'litellm', 'cache_read_fraction')!;
    expect([cache.own, cache.baseline]).toEqual([0, 1408 / 1600]);
    expect(cache.value).toBe(-0.88);
  });

  it('take the figure of the check where it states one', () => {
    const found = measured();
    const stated = figure('added_first_token_ms', 'ms', 7, { interval: { low: 5, high: 9, level: 0.9 }, samples: 11 });
    const findings = found.findings.map((one) =>
      one.target === 'openrouter' && one.check === 'latency' ? { ...one, figures: [stated] } : one,
    );
    expect(differenceOf({ ...found, findings })).toMatchObject({
      value: 7,
      interval: { low: 5, high: 9, level: 0.9 },
      samples: 11,
      how: 'stated by the test',
    });
  });

  it('of error shares are bounded by both shares: 2 of 20 against none', () => {
    const { value, interval } = shareDifference(shareInterval(2, 20)!, shareInterval(0, 20)!);
    expect(value).toBeCloseTo(0.1, 12);
    expect(interval!.low).toBeCloseTo(-0.09, 3);
    expect(interval!.high).toBeCloseTo(0.317, 3);
  });

  it('leave out rounds that one of the two lacks, and calls that were refused for want of room', () => {
    const found = measured();
    expect(differenceOf(found, 'litellm')!.samples).toBe(19);
    const busy = found.evidence.map((one) =>
      one.check === 'latency' && one.target === 'litellm' && one.round! < 5 ? { ...one, status: 429 } : one,
    );
    const litellm = comparisonOf({ ...found, evidence: busy }).latencies.find((one) => one.target === 'litellm')!;
    expect(litellm.rounds.length).toBe(15);
    expect(litellm.errors!.value).toBe(0);
  });

  it('without enough samples have no interval', () => {
    expect(differenceOf(measured({}, 5))).toMatchObject({ samples: 5, interval: null });
  });

  it('are open exactly where the interval holds no difference', () => {
    const one = { ...differenceOf()!, value: 3 };
    const side = (low: number, high: number) => sideOf({ ...one, interval: { low, high, level: 0.95 } });
    expect([side(-1, 5), side(1, 5), side(0, 5), sideOf({ ...one, interval: null })]).toEqual([
      'open',
      'more',
      'open',
      'more',
    ]);
    expect(sideOf({ ...one, value: -3, interval: { low: -5, high: -1, level: 0.95 } })).toBe('less');
    const tokens = { ...one, quantity: 'billed_tokens_ratio', value: neutralOf('billed_tokens_ratio') } as const;
    expect(sideOf({ ...tokens, interval: { low: 1, high: 1, level: 0.95 } })).toBe('none');
  });
});

describe('error shapes', () => {
  const errors = comparisonOf(measured()).errors;

  it('meet by what is wrong with the request, whatever a model is called there', () => {
    expect(errors.map(({ asked }) => asked)).toEqual(['a wrong key', 'an unknown model', 'a body that is no JSON']);
    expect(errors[0]!.shapes.map((shape) => shape?.status)).toEqual([401, 401, 401]);
  });

  it('are told apart by the members of the error', () => {
    expect(errors[0]!.shapes.map((shape) => shape?.members?.join(' '))).toEqual([
      'error.code error.message error.param error.type',
      'error.code error.message error.param error.type',
      'error.code error.message',
    ]);
    expect(errors[0]!.shapes.map((shape) => shape?.is_as_baseline)).toEqual([null, true, false]);
  });

  it('of a page, of a cut answer and of no answer are none', () => {
    const asked = (own: object) => exchange('direct', 'error_shape', { request: '{"model":', ...own });
    const shapes = ['<html>', '{"error":{"message":"[3 chara', '[1]'].map(
      (answer) =>
        comparisonOf({
          ...measured(),
          targets: [target('direct')],
          evidence: [asked({ answer, headers: { 'content-type': 'text/html; charset=utf-8' }, status: 502 })],
        }).errors[0]!.shapes[0],
    );
    expect(shapes.map((shape) => shape?.members)).toEqual([null, null, null]);
    expect(shapes[0]).toMatchObject({ status: 502, content_type: 'text/html', is_as_baseline: null });
  });

  it('take the last of several answers to one request', () => {
    const at = (second: number, status: number) =>
      exchange('direct', 'error_shape', {
        request: '{"model":',
        status,
        started_at: `2026-11-21T10:00:0${second}.000Z`,
      });
    const { errors: found } = comparisonOf({
      ...measured(),
      targets: [target('direct')],
      evidence: [at(5, 400), at(1, 429)],
    });
    expect(found[0]!.shapes[0]!.status).toBe(400);
  });
});
