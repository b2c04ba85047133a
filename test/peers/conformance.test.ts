/** The probes of reports/router-conformance.md, against this router as the command runs it. */
import { beforeAll, expect, test } from 'vitest';
import { PROBES } from './conformance/probes.mjs';
import { runProbes, type Verdict } from './conformance/run-probes.mjs';

let results: Readonly<Record<string, Verdict>>;
beforeAll(async () => {
  ({ results } = await runProbes('router', PROBES));
}, 240_000);

test.each(PROBES.map(({ id, title, requires }) => [id, title, requires]))('%s: %s: %s', (id) => {
  expect(results[id]).toMatchObject({ verdict: 'pass', not: [] });
});
