import { expect, test } from 'vitest';
import type { TraceRequest } from '../../src/trace/request.ts';
import { apportion } from '../../src/workload/arrivals.ts';
import { workloadColumns } from '../../src/workload/columns.ts';
import { type WorkloadSpecInput, workloadSpec } from '../../src/workload/schema.ts';
import { fanoFactor, gapVariation, traceStatistics, windowCounts } from '../../src/workload/statistics.ts';
import { synthesise } from '../../src/workload/synthesise.ts';
import { clockStep, TraceSample } from '../../src/workload/trace-sample.ts';

const CHAT = {
  feature: 'chat',
  share: 1,
  input_tokens: { p50: 350, p95: 1200 },
  output_tokens: { p50: 100, p95: 300 },
};
const make = (spec: Partial<WorkloadSpecInput>, seed = 1): TraceRequest[] => [
  ...synthesise(workloadSpec.parse({ classes: [CHAT], ...spec }), seed),
];
const timesOf = (made: readonly TraceRequest[]): Float64Array => Float64Array.from(made, ({ time_ms }) => time_ms);
const START = Date.parse('2026-01-05T00:00:00Z');

test.each(['poisson', 'gamma', 'weibull'] as const)(
  '%s arrivals make exactly the requests stated, in order',
  (process) => {
    const arrivals = process === 'poisson' ? { process } : { process, cv: 3 };
    const times = timesOf(make({ requests: 20_000, duration_hours: 10.5, arrivals }));
    expect(times.length).toBe(20_000);
    expect(times).toEqual(times.slice().sort());
    expect(times[0]).toBeGreaterThanOrEqual(START);
    expect(times.at(-1)).toBeLessThan(START + 10.5 * 3_600_000);
    expect(Math.abs(gapVariation(times)! / (process === 'poisson' ? 1 : 3) - 1)).toBeLessThan(0.1);
  },
);

test('a mean per hour makes that mean, to the request, once anything but the plain process is asked for', () => {
  expect(make({ requests_per_hour: 100.4, duration_hours: 48, arrivals: { process: 'poisson' } }).length).toBe(4819);
});

test('a rate series makes its own total, step by step, and begins again in a longer window', () => {
  const rates = { step_minutes: 30, requests_per_second: [1, 0, 2, 0.5] };
  const times = timesOf(make({ rates }));
  expect(times.length).toBe(1800 * 3.5);
  const counts = [0, 1, 2, 3].map((step) => times.filter((t) => Math.floor((t - START) / 1_800_000) === step).length);
  expect(counts[1]).toBe(0);
  for (const [step, expected] of [1800, 0, 3600, 900].entries())
    expect(Math.abs(counts[step]! - expected)).toBeLessThan(5 * Math.sqrt(expected) + 1);
  expect(make({ rates, duration_hours: 4 }).length).toBe(2 * 1800 * 3.5);
  expect(make({ rates, requests: 70 }).length).toBe(70);
});

test('a rate of 10 % growth a month makes 1.1 times as many requests a month later', () => {
  const times = timesOf(make({ requests: 40_000, duration_hours: 1460, growth: 0.1 }));
  const first = times.filter((time) => time < START + 730 * 3_600_000).length;
  expect(Math.abs((40_000 - first) / first / 1.1 - 1)).toBeLessThan(0.02);
});

test('bursts come as often and as strong as stated', () => {
  const bursts = { per_day: 2, minutes: 30, factor: 20 };
  const times = timesOf(make({ requests: 100_000, duration_hours: 240, bursts }));
  const hours = windowCounts(times, 600_000);
  const calm = [...hours].sort((a, b) => a - b)[Math.floor(hours.length / 2)]!;
  const busy = [...hours].filter((count) => count > 10 * calm).length;
  // 20 bursts of 3 windows of ten minutes, of which the first and the last may be cut.
  expect(busy).toBeGreaterThanOrEqual(35);
  expect(busy).toBeLessThanOrEqual(80);
  expect(Math.abs(calm / (100_000 / 1440 / (1 + (19 * 60) / 1440)) - 1)).toBeLessThan(0.2);
});

test('a profile of one hour moves everything there', () => {
  const daily_profile = Array.from({ length: 24 }, (_, hour) => (hour === 9 ? 1 : 0));
  const made = make({ requests: 500, duration_hours: 48, daily_profile, start: '2026-01-05T06:30:00Z' });
  expect(new Set(made.map(({ time_ms }) => new Date(time_ms).getUTCHours()))).toEqual(new Set([9]));
  expect(made.length).toBe(500);
});

test('profile and rates that leave no time are told as bad input', () => {
  const daily_profile = Array.from({ length: 24 }, (_, hour) => (hour === 0 ? 1 : 0));
  const rates = { step_minutes: 60, requests_per_second: [0, 1] };
  expect(() => make({ rates, daily_profile })).toThrow('leave no time at which requests come');
});

test('prompts are asked as often as Zipf says, and equal ones are equal', () => {
  const made = make({
    requests: 11_000,
    classes: [{ ...CHAT, prompts: { distinct: 3, zipf_exponent: 1 }, prefixes: { count: 2, tokens: 1024 } }],
  });
  const chains = new Map<string, TraceRequest[]>();
  for (const one of made) chains.set(one.hash_chain!.join(), [...(chains.get(one.hash_chain!.join()) ?? []), one]);
  const counts = [...chains.values()].map((all) => all.length).sort((a, b) => b - a);
  for (const [i, expected] of [6000, 3000, 2000].entries())
    expect(Math.abs(counts[i]! - expected)).toBeLessThanOrEqual(4);
  for (const all of chains.values()) expect(new Set(all.map(({ input_tokens }) => input_tokens)).size).toBe(1);
  for (const one of made) expect(one.hash_chain!.length).toBe(Math.ceil(one.input_tokens / 512));
});

test('a share of the prompts begins with one of the prefixes, and shares whole blocks only', () => {
  const long = { ...CHAT, input_tokens: { values: [700, 3000], counts: [1, 1] } };
  const made = make({ requests: 2000, classes: [{ ...long, prefixes: { count: 4, tokens: 1100, share: 0.5 } }] });
  const seen = new Map<number, number>();
  for (const { hash_chain } of made) for (const hash of hash_chain!) seen.set(hash, (seen.get(hash) ?? 0) + 1);
  const shared = made.map(({ hash_chain }) => hash_chain!.filter((hash) => seen.get(hash)! > 1).length);
  const whole = shared.filter((blocks, i) => blocks > 0 && made[i]!.input_tokens === 3000);
  expect(new Set(whole)).toEqual(new Set([2]));
  expect(new Set(shared.filter((_, i) => made[i]!.input_tokens === 700))).toEqual(new Set([0, 1]));
  expect(shared.filter((blocks) => blocks > 0).length / 2000).toBeCloseTo(0.5, 2);
  expect(new Set(made.filter((_, i) => shared[i]! > 0).map(({ hash_chain }) => hash_chain![0])).size).toBe(4);
});

test('two classes have no hash in common', () => {
  const classes = ['a', 'b'].map((feature) => ({
    ...CHAT,
    feature,
    share: 0.5,
    prompts: { distinct: 5, zipf_exponent: 0 },
  }));
  const made = make({ requests: 100, classes });
  const of = (name: string) => new Set(made.filter((one) => one.feature === name).flatMap((one) => one.hash_chain!));
  expect([...of('a')].filter((hash) => of('b').has(hash))).toEqual([]);
});

test('models keep their shares, and reasoning its share of answers', () => {
  const models = [
    { model: 'openai/gpt-4o', share: 0.7 },
    { model: 'mistral/mistral-large-latest', share: 0.3 },
  ];
  const made = make({ requests: 1000, classes: [{ ...CHAT, models, reasoning_share: 0.5 }] });
  expect(made.filter(({ seller }) => seller === 'mistral').length).toBe(300);
  for (const one of made) expect(one.reasoning_tokens).toBe(Math.floor((one.reasoning_tokens + one.output_tokens) / 2));
});

test('a new concern moves no other: models and prefixes leave times and lengths as they were', () => {
  const shape = ({ time_ms, input_tokens, output_tokens }: TraceRequest) => [time_ms, input_tokens, output_tokens];
  const plain = make({ requests: 500 }).map(shape);
  const models = [
    { model: 'a/b', share: 0.5 },
    { model: 'c/d', share: 0.5 },
  ];
  const more = { ...CHAT, models, users: 5, prefixes: { count: 1, tokens: 512 } };
  expect(make({ requests: 500, classes: [more] }).map(shape)).toEqual(plain);
  expect(make({ requests: 500 }, 2).map(shape)).not.toEqual(plain);
});

test('columns are told from the spec, and no request fills another', () => {
  const spec = workloadSpec.parse({
    requests: 50,
    classes: [{ ...CHAT, model: 'openai/gpt-4o', tier: 'batch', cache_read_share: 0.5, users: 3 }],
  });
  const { names } = workloadColumns(spec);
  expect(names).toEqual([
    'time',
    'seller',
    'model',
    'tier',
    'input_tokens',
    'cache_read_tokens',
    'output_tokens',
    'feature',
    'user',
  ]);
  expect(workloadColumns(workloadSpec.parse({ requests: 1, classes: [CHAT] })).names).toEqual([
    'time',
    'input_tokens',
    'output_tokens',
    'feature',
  ]);
});

test('whole numbers are apportioned by shares and add up', () => {
  expect(apportion(10, [0.5, 0.25, 0.25])).toEqual([5, 3, 2]);
  expect(apportion(1, [0.4, 0.6])).toEqual([0, 1]);
});

test('statistics of a trace worked by hand', () => {
  expect(gapVariation(Float64Array.of(0, 1000, 3000, 4000))).toBeCloseTo(0.4330127, 7);
  // Windows of 10 s hold 2, 0 and 4; the one that the end cuts is left out: mean 2, variance 4.
  const times = Float64Array.of(0, 1, 20_000, 20_001, 20_002, 20_003, 31_000);
  expect(fanoFactor(times, 10_000)).toBe(2);
  const columns = { times_ms: times, input_tokens: times.map((_, i) => i), output_tokens: times.map((_, i) => -i) };
  expect(traceStatistics(columns)).toMatchObject({ rank_correlation: -1, requests: 7, duration_ms: 31_000 });
});

test('a clock in coarse steps is told and spread; a fine one is left alone', () => {
  expect(clockStep(Float64Array.of(3000, 3000, 9000, 12_000))).toBe(3000);
  expect(clockStep(Float64Array.of(3000, 6000, 9000))).toBe(0);
  expect(clockStep(Float64Array.of(3000, 3000, 3001))).toBe(0);
  const sample = new TraceSample();
  const request = make({ requests: 1 })[0]!;
  for (const time_ms of [0, 0, 0, 3000]) sample.add({ ...request, time_ms });
  const { times_ms, clock_step_ms } = sample.finish({
    uniform: () => 0.5,
    normal: () => 0,
    exponential: () => 0,
    integer: () => 0,
  });
  expect(clock_step_ms).toBe(3000);
  expect([...times_ms]).toEqual([1500, 1500, 1500, 4500]);
});

test.each<[Partial<WorkloadSpecInput>, string]>([
  [{}, 'needs requests_per_hour, requests or rates'],
  [{ requests: 5, requests_per_hour: 5 }, 'one of them states the volume'],
  [{ requests: 5, rates: { requests_per_second: [1] } }, 'exactly one of step_minutes and step_seconds'],
  [{ requests: 5, rates: { step_minutes: 1, requests_per_second: [0] } }, 'all rates are 0'],
  [{ requests: 5, arrivals: { process: 'gamma', cv: 0 } }, '0.05'],
  [
    { requests: 5, classes: [{ ...CHAT, input_tokens: { probabilities: [0, 0.5, 1], values: [5, 4, 9] } }] },
    'quantiles never do',
  ],
  [
    { requests: 5, classes: [{ ...CHAT, input_tokens: { probabilities: [0.1, 1], values: [1, 2] } }] },
    'not from 0 to 1',
  ],
  [{ requests: 5, classes: [{ ...CHAT, input_tokens: { values: [1, 2], counts: [1] } }] }, '1 counts for 2 values'],
  [{ requests: 5, classes: [{ ...CHAT, models: [{ model: 'a/b', share: 0.4 }] }] }, 'shares add up to 0.4'],
  [
    { requests: 5, classes: [{ ...CHAT, model: 'a/b', models: [{ model: 'a/b', share: 1 }] }] },
    '`model` or `models`, not both',
  ],
])('a spec that makes no sense is refused: %j', (spec, message) => {
  const parsed = workloadSpec.safeParse({ classes: [CHAT], ...spec });
  expect(parsed.success).toBe(false);
  expect(parsed.error?.message).toContain(message);
});
