import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readTrace } from '../../src/io/read-trace.ts';
import { csvText } from '../../src/io/write-csv.ts';
import { canonicalRows } from '../../src/trace/canonical-rows.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { type WorkloadSpecInput, workloadSpec } from '../../src/workload/schema.ts';
import { synthesise } from '../../src/workload/synthesise.ts';

const CHAT = {
  feature: 'chat',
  share: 1,
  input_tokens: { p50: 350, p95: 1200 },
  output_tokens: { p50: 100, p95: 300 },
};
const make = (spec: Partial<WorkloadSpecInput>, seed = 1): TraceRequest[] => [
  ...synthesise(workloadSpec.parse({ requests_per_hour: 100, classes: [CHAT], ...spec }), seed),
];
const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

test('the same spec and seed give the same requests, another seed gives others', () => {
  expect(make({})).toEqual(make({}));
  expect(make({})[0]).not.toEqual(make({}, 2)[0]);
});

test('requests come in order of time, within the duration, at the mean rate', () => {
  const times = make({ start: '2026-11-02', duration_hours: 100 }).map(({ time_ms }) => time_ms);
  const from = Date.parse('2026-11-02T00:00:00Z');
  expect(times).toEqual(sorted(times));
  expect(times[0]).toBeGreaterThanOrEqual(from);
  expect(times.at(-1)).toBeLessThan(from + 100 * 3_600_000);
  expect(Math.abs(times.length - 10_000)).toBeLessThan(4 * Math.sqrt(10_000));
});

test('gaps within even hours vary like those of a Poisson process', () => {
  const times = make({ duration_hours: 200 }).map(({ time_ms }) => time_ms);
  const gaps = times.slice(1).map((time, i) => time - times[i]!);
  const centre = mean(gaps);
  const deviation = Math.sqrt(mean(gaps.map((gap) => (gap - centre) ** 2)));
  expect(deviation / centre).toBeCloseTo(1, 1);
});

test('sizes have the quantiles and the mean of their log-normal distribution', () => {
  const sizes = make({ duration_hours: 500 }).map(({ input_tokens }) => input_tokens);
  const at = (p: number): number => sorted(sizes)[Math.floor(sizes.length * p)]!;
  expect(sizes.length).toBeGreaterThan(40_000);
  expect(at(0.5) / 350).toBeCloseTo(1, 1);
  expect(at(0.95) / 1200).toBeCloseTo(1, 1);
  expect(Math.abs(mean(sizes) / 463.3 - 1)).toBeLessThan(0.02);
  expect(sizes.every((size) => Number.isInteger(size) && size >= 1)).toBe(true);
});

test('sizes are at least one token', () => {
  const tiny = make({ classes: [{ ...CHAT, input_tokens: { p50: 0.1, p95: 0.2 } }] });
  expect(new Set(tiny.map(({ input_tokens }) => input_tokens))).toEqual(new Set([1]));
});

test('the profile moves requests between hours and days and leaves their mean', () => {
  const daily_profile = Array.from({ length: 24 }, (_, hour) => (hour === 9 ? 3 : hour < 12 ? 1 : 0));
  const made = make({ start: '2026-11-02', daily_profile, weekend_factor: 0, duration_hours: 168 });
  const hours = made.map(({ time_ms }) => new Date(time_ms).getUTCHours());
  const days = made.map(({ time_ms }) => new Date(time_ms).getUTCDay());
  expect(Math.max(...hours)).toBe(11);
  expect(hours.filter((hour) => hour === 9).length / made.length).toBeCloseTo(3 / 14, 1);
  expect(new Set(days)).toEqual(new Set([1, 2, 3, 4, 5]));
  expect(Math.abs(made.length / 16_800 - 1)).toBeLessThan(0.04);
});

test('classes keep their shares, and one class does not move another', () => {
  const rest = { ...CHAT, feature: 'rest' };
  const both = make({
    classes: [
      { ...CHAT, share: 0.7 },
      { ...rest, share: 0.3 },
    ],
  });
  expect(both.filter(({ feature }) => feature === 'rest').length / both.length).toBeCloseTo(0.3, 1);
  const larger = { ...rest, share: 0.3, input_tokens: { p50: 9000, p95: 9001 } };
  const changed = make({ classes: [{ ...CHAT, share: 0.7 }, larger] });
  const chats = (made: readonly TraceRequest[]) => made.filter(({ feature }) => feature === 'chat');
  expect(chats(changed)).toEqual(chats(both));
});

test('model, tier, cached share, users and teams are filled from the class', () => {
  const made = make({
    classes: [{ ...CHAT, model: 'openai/gpt-4o', tier: 'batch', cache_read_share: 0.25, users: 20, teams: 3 }],
  });
  for (const one of made) {
    expect(one).toMatchObject({ seller: 'openai', model: 'gpt-4o', tier: 'batch' });
    const prompt = one.input_tokens + one.cache_read_tokens;
    expect(one.cache_read_tokens).toBe(Math.floor(prompt / 4));
  }
  const users = made.map(({ user }) => user);
  expect(new Set(users).size).toBe(20);
  expect(users.filter((user) => user === 'user-001').length).toBeGreaterThan(made.length / 10);
  expect(new Set(made.map(({ team }) => team))).toEqual(new Set(['team-1', 'team-2', 'team-3']));
  expect(new Set(made.map(({ user, team }) => `${user} ${team}`)).size).toBe(20);
});

test.each([
  [{ classes: [{ ...CHAT, share: 0.5 }] }, 'shares add up to 0.5'],
  [{ classes: [{ ...CHAT, input_tokens: { p50: 10, p95: 5 } }] }, 'p95 lies below p50'],
  [{ daily_profile: [1, 2] }, 'daily_profile'],
  [{ daily_profile: Array(24).fill(0) }, 'all 24 weights are 0'],
  [{ start: '2026-11-07', duration_hours: 24, weekend_factor: 0 }, 'no hour of the duration has a weight'],
  [{ requests_per_hours: 3 }, 'requests_per_hours'],
])('a spec that makes no sense is refused: %j', (spec, message) => {
  const parsed = workloadSpec.safeParse({ requests_per_hour: 100, classes: [CHAT], ...spec });
  expect(parsed.success).toBe(false);
  expect(parsed.error?.message).toContain(message);
});

const folder = resolve(import.meta.dirname, '../../scenarios/traces');
const samples = readdirSync(folder).filter((name) => name.endsWith('.workload.json'));

test('there are sample traces', () => {
  expect(samples).toEqual(expect.arrayContaining(['mvp-week.workload.json', 'support-week.workload.json']));
});

test.each(samples)('the trace of %s is made from it, byte by byte, and is read without a finding', async (name) => {
  const spec = workloadSpec.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const made = [...synthesise(spec, 1)];
  const file = join(folder, name.replace('.workload.json', '.csv'));
  const text = readFileSync(file, 'utf8');
  expect(csvText(canonicalRows(made))).toBe(text);
  expect(text.length).toBeLessThan(400_000);
  const seen: TraceRequest[] = [];
  const reading = await readTrace(file, (request) => seen.push(request));
  expect(seen).toEqual(made);
  expect(reading).toMatchObject({ rejected: 0, warnings: [], format: 'tollgate', clock: 'absolute' });
});
