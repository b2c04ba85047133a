import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTrace } from '../../src/io/read-trace.ts';
import { substream } from '../../src/random.ts';
import { fitWorkload } from '../../src/workload/fit.ts';
import { workloadSpec } from '../../src/workload/schema.ts';
import { traceStatistics } from '../../src/workload/statistics.ts';
import { synthesise } from '../../src/workload/synthesise.ts';
import { TraceSample } from '../../src/workload/trace-sample.ts';
import { tracesFolder } from '../traces-folder.ts';

const CLOCK = substream(1, 'clock');
const within = (made: number, real: number, share: number): boolean => Math.abs(made / real - 1) <= share;

test('features, tiers, models, cached shares and people of a trace come back', () => {
  const spec = workloadSpec.parse({
    requests: 4000,
    duration_hours: 48,
    daily_profile: Array.from({ length: 24 }, (_, hour) => 1 + (hour % 12)),
    classes: [
      {
        feature: 'chat',
        share: 0.75,
        models: [
          { model: 'openai/gpt-4o', share: 0.6 },
          { model: 'openai/gpt-4o-mini', share: 0.4 },
        ],
        users: 9,
        teams: 3,
        cache_read_share: 0.25,
        rank_correlation: 0.6,
        input_tokens: { p50: 900, p95: 4000 },
        output_tokens: { p50: 200, p95: 700 },
      },
      {
        feature: 'digest',
        share: 0.25,
        tier: 'batch',
        reasoning_share: 0.5,
        input_tokens: { p50: 5000, p95: 9000 },
        output_tokens: { p50: 400, p95: 900 },
      },
    ],
  });
  const sample = new TraceSample();
  for (const request of synthesise(spec, 3)) sample.add(request);
  const real = sample.finish(CLOCK);
  const fitted = workloadSpec.parse(fitWorkload(real, { peopleOf: (feature) => sample.peopleOf(feature) }).spec);
  const [chat, digest] = fitted.classes;
  expect(chat).toMatchObject({ feature: 'chat', share: 0.75, tier: 'standard', users: 9, teams: 3 });
  expect(chat!.models!.map(({ share }) => share)).toEqual([0.6, 0.4]);
  expect(chat!.cache_read_share).toBeCloseTo(0.25, 2);
  expect(chat!.rank_correlation).toBeCloseTo(0.6, 1);
  expect(digest).toMatchObject({ feature: 'digest', share: 0.25, tier: 'batch' });
  expect(digest!.reasoning_share).toBeCloseTo(0.5, 2);
  const again = new TraceSample();
  for (const request of synthesise(fitted, 1)) again.add(request);
  const [made, meant] = [traceStatistics(again.finish(CLOCK)), traceStatistics(real)];
  expect(made.requests).toBe(4000);
  expect(within(made.input.total, meant.input.total, 0.01)).toBe(true);
  expect(within(made.output.total, meant.output.total, 0.01)).toBe(true);
  const few = workloadSpec.parse(fitWorkload(real, { max_classes: 1 }).spec);
  expect(few.classes.map(({ feature, share }) => [feature, share])).toEqual([['other', 1]]);
});

const folder = tracesFolder();
describe.skipIf(folder === undefined)('a fitted workload reproduces a public trace', () => {
  test.each([
    ['code', 13.15, 73.4, 0.2],
    ['conv', 1.094, 5.47, 0.15],
  ])('Azure 2023 %s: gap CV %d, input to output %d', { timeout: 120_000 }, async (name, cv, ratio, fano) => {
    const sample = new TraceSample();
    await readTrace(join(folder!, `azure-2023/AzureLLMInferenceTrace_${name}.csv`), (request) => sample.add(request));
    const trace = sample.finish(CLOCK);
    const real = traceStatistics(trace);
    expect(real.gap_cv).toBeCloseTo(cv, 2);
    expect(real.input_to_output).toBeCloseTo(ratio, 1);
    const spec = workloadSpec.parse(fitWorkload(trace).spec);
    const good = Array.from({ length: 20 }, (_, i) => {
      const again = new TraceSample();
      for (const request of synthesise(spec, i + 1)) again.add(request);
      const made = traceStatistics(again.finish(CLOCK));
      expect(made.requests).toBe(real.requests);
      return (
        (['input', 'output'] as const).every(
          (side) =>
            within(made[side].total, real[side].total, 0.02) &&
            (['p50', 'p95', 'p99'] as const).every((p) => within(made[side][p], real[side][p], 0.05)),
        ) &&
        within(made.gap_cv!, real.gap_cv!, 0.15) &&
        within(made.fano_10s!, real.fano_10s!, fano)
      );
    });
    expect(good.filter(Boolean).length).toBeGreaterThanOrEqual(19);
  });
});
