/** The smoke suite on LiteLLM's proxy before the stand-in: what it adds, and whether the cost that it tells is right. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StandIn } from '../../src/smoke/stand-in/start-stand-in.ts';
import { LITELLM_KEY, startLitellm } from './gateways/litellm.mjs';
import { beside, type Compared, quickStandIn } from './smoke-setting.ts';

let standIn: StandIn;
let stop: () => Promise<void>;
let seen: Compared;

beforeAll(async () => {
  const program = process.env.TOLLGATE_LITELLM;
  if (program === undefined) throw new Error('LiteLLM is not named; npm run test:peers does that');
  standIn = await quickStandIn();
  const models = Object.fromEntries(['gpt-4o-mini', 'text-embedding-3-small'].map((name) => [name, `openai/${name}`]));
  const litellm = await startLitellm({ program, base_url: `${standIn.origin}/direct/v1`, models });
  stop = litellm.stop;
  const reports_cost = { in: 'header', name: 'x-litellm-response-cost', unit: 'USD', usd_per_unit: 1 } as const;
  seen = await beside(
    standIn,
    { system: 'litellm', base_url: `${litellm.url}/v1`, key_env: 'LITELLM_KEY', reports_cost },
    { LITELLM_KEY },
  );
}, 180_000);
afterAll(async () => {
  await stop?.();
  await standIn?.close();
});

it('passes what the stand-in passes, but for errors and for what it keeps to itself', () => {
  expect(seen.having('stand-in', 'fail'), seen.told).toEqual([]);
  expect(seen.having('gateway', 'not_run'), seen.told).toEqual([]);
  expect(seen.having('gateway', 'fail'), seen.told).toEqual(['error_shape']);
  expect(seen.having('gateway', 'not_supported')).toEqual(['idempotent_retries']);
});

it('tells in a header the cost that usage comes to', () => {
  expect(seen.figure('gateway', 'cost_reported', 'markup_fraction')?.value).toBeCloseTo(0, 6);
  const told = seen.found.evidence.filter((one) => one.target === 'gateway' && one.reported_usd !== null);
  expect(told.length).toBeGreaterThan(10);
  for (const { reported_usd, computed_usd, request } of told)
    expect(Math.abs(reported_usd! - computed_usd!), request).toBeLessThan(1e-9);
});

it('keeps usage to the token, and its hop is measured', () => {
  expect(seen.figure('gateway', 'usage_accounting', 'billed_tokens_ratio')?.value).toBe(1);
  const added = seen.figure('gateway', 'latency', 'added_first_token_ms')!;
  expect(added.interval!.high).toBeGreaterThan(5);
  expect(added.value).toBeLessThan(500);
});

it('without a database refuses a wrong key with 400, and messages that are a number with 500', () => {
  const { seen: told } = seen.finding('gateway', 'error_shape');
  expect(told).toContain('a wrong key: expected HTTP 401 or 403, seen: HTTP 400');
  expect(told).toContain('messages that are a number: expected HTTP 400 or 422, seen: HTTP 500');
});

it('names the model as it was asked for, not the snapshot that answered', () => {
  expect(seen.finding('gateway', 'model_snapshot').seen).toContain('told gpt-4o-mini; no date of a snapshot');
});
