/** Each check has upstreams that break exactly it: it fails there, and nothing else does. */
import { describe, expect, it } from 'vitest';
import type { CheckId, Verdict } from '../../src/measurements/contract.ts';
import { CHECKS } from '../../src/measurements/contract.ts';
import { runFault, type Setting } from './fault-run.ts';
import { FAULTS } from './faults.ts';

const lackOf = (api: Setting['api'], check: CheckId): boolean =>
  api === 'anthropic' && ['json_mode', 'embeddings', 'images'].includes(check);
const expected = (api: Setting['api'], fails?: CheckId): Record<string, Verdict> =>
  Object.fromEntries(
    CHECKS.map((check) => [check, lackOf(api, check) ? 'not_supported' : check === fails ? 'fail' : 'pass']),
  );

const SOUND: readonly Setting[] = (['openai', 'anthropic'] as const).flatMap((api) =>
  (['usage', 'lookup'] as const).flatMap((cost) => (['direct', 'gateway'] as const).map((as) => ({ api, cost, as }))),
);

describe('an upstream without a fault', () => {
  it.concurrent.each(SOUND)('passes every check that it can be put to: $api, cost by $cost, $as', async (setting) => {
    const { verdicts, seen } = await runFault({}, setting);
    expect(verdicts, JSON.stringify(seen, undefined, 1)).toEqual(expected(setting.api));
  });
});

const ROWS = FAULTS.flatMap((row) => (row.apis ?? (['openai', 'anthropic'] as const)).map((api) => ({ ...row, api })));

describe('an upstream with one fault', () => {
  it.concurrent.each(ROWS)(
    '$check fails there and nothing else does: $what ($api)',
    async ({ check, what, ...row }) => {
      const { verdicts, seen } = await runFault(row, row);
      expect(verdicts, `${what}: ${JSON.stringify(seen, undefined, 1)}`).toEqual(expected(row.api, check));
    },
  );

  it('there is one for every check but reachable, which is the first of all', () => {
    const broken = new Set(FAULTS.map(({ check }) => check));
    expect(CHECKS.filter((check) => !broken.has(check))).toEqual(['reachable']);
  });
});
