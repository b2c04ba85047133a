/**
 * Every shipped scenario's report as it was reviewed last. After a change that is meant to move figures: `npm run golden`, then read the
 * diff.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { goldenJson, goldenMarkdown, ROOT, reportOf, shippedScenarios } from './library.ts';

const GOLDEN = join(ROOT, 'test/golden/reports');
const PATIENT_MS = 60_000;
const scenarios = shippedScenarios();

test.each(scenarios)(
  '%s says what it said',
  async (name) => {
    const report = await reportOf(name);
    await expect(goldenMarkdown(report)).toMatchFileSnapshot(join(GOLDEN, name, 'report.md'));
    await expect(goldenJson(report)).toMatchFileSnapshot(join(GOLDEN, name, 'report.json'));
  },
  PATIENT_MS,
);

test('no report is kept of a scenario that is gone', () => {
  const kept = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('/report.json'))
    .map((path) => path.replace(/\/report\.json$/, ''));
  expect(kept.filter((name) => !scenarios.includes(name))).toEqual([]);
});
