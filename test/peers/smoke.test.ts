/** The smoke suite on a gateway that people run: Portkey before the stand-in, beside the stand-in itself. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StandIn } from '../../src/smoke/stand-in/start-stand-in.ts';
import { startPortkey } from './gateways/portkey.mjs';
import { beside, type Compared, quickStandIn } from './smoke-setting.ts';

/** The one that the stand-in knows. */
const KEY = 'stand-in-key';

let standIn: StandIn;
let stop: () => Promise<void>;
let seen: Compared;

beforeAll(async () => {
  standIn = await quickStandIn();
  const portkey = await startPortkey({ upstream_url: `${standIn.origin}/direct` });
  if (portkey.missing !== undefined) throw new Error(portkey.missing);
  stop = portkey.stop;
  const { url, headers } = portkey;
  const key_env = 'STAND_IN_KEY';
  seen = await beside(standIn, { system: 'portkey', base_url: `${url}/v1`, headers, key_env }, { [key_env]: KEY });
}, 120_000);
afterAll(async () => {
  await stop?.();
  await standIn?.close();
});

const PASSED = [
  'attribution',
  'cancel',
  'cut_handling',
  'embeddings',
  'json_mode',
  'json_schema',
  'latency',
  'model_snapshot',
  'prompt_cache',
  'quota_burn',
  'reachable',
  'request_id',
  'streamed_tool_calls',
  'streaming',
  'tool_calls',
  'usage_accounting',
];

it('passes what the stand-in passes, but for what it is known to do', () => {
  expect(seen.having('stand-in', 'fail'), seen.told).toEqual([]);
  expect(seen.having('gateway', 'pass'), seen.told).toEqual(PASSED);
  expect(seen.having('gateway', 'fail')).toEqual(['error_shape']);
});

it('waits some 25 ms before the first piece of a stream, and that is measured', () => {
  const added = seen.figure('gateway', 'latency', 'added_first_token_ms')!;
  expect(added.samples).toBe(20);
  expect(added.interval!.high).toBeGreaterThan(25);
  expect(added.value).toBeGreaterThan(20);
  expect(added.value).toBeLessThan(200);
});

it('keeps usage to the token, that of a prompt cache too', () => {
  expect(seen.figure('gateway', 'usage_accounting', 'billed_tokens_ratio')?.value).toBe(1);
  expect(seen.finding('gateway', 'prompt_cache').seen).toMatch(/prompt tokens \(\d\d\.\d %\) are told as cached/);
});

it('answers a body that is no JSON with 500 and no error object', () => {
  expect(seen.finding('gateway', 'error_shape').seen).toBe(
    'a body that is no JSON: expected HTTP 400 or 415 or 422, seen: HTTP 500; a body that is no JSON: no error object in HTTP 500',
  );
});

it('makes an impossible temperature a possible one, and tells no cost', () => {
  expect(seen.finding('gateway', 'retry_behaviour').seen).toContain(
    'an impossible temperature was answered with HTTP 200',
  );
  expect(seen.having('gateway', 'not_supported')).toEqual(['cost_reported', 'idempotent_retries', 'retry_behaviour']);
});

it('goes on with a stream that its client has left', () => {
  const left = seen.found.evidence.filter(({ end, target }) => end === 'cancelled' && target === 'stand-in');
  expect(left.length).toBeGreaterThan(0);
  expect(standIn.bill().filter(({ state }) => state === 'cancelled')).toHaveLength(left.length);
});
