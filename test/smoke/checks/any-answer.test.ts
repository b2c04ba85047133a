/** No check throws for what a target does: whatever comes, there are measurements. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../../src/measurements/contract.ts';
import { ALL_CHECKS } from '../../../src/smoke/checks.ts';
import { anthropic } from '../../../src/smoke/dialects/anthropic.ts';
import { openai } from '../../../src/smoke/dialects/openai.ts';
import type { Exchange } from '../../../src/smoke/exchange.ts';
import { ReadyTarget } from '../../../src/smoke/probe.ts';
import { Spending } from '../../../src/smoke/spending.ts';
import { faultBook } from '../fault-run.ts';
import { exchange, ok, run, target } from '../setting.ts';

/** JSON whose members are those that dialects read, with anything in them. */
const NAMES =
  'id object model choices index message delta content tool_calls function name arguments finish_reason usage prompt_tokens completion_tokens prompt_tokens_details cached_tokens cost error type code data embedding stop_reason input_tokens output_tokens cache_read_input_tokens text input content_block b64_json'.split(
    ' ',
  );
const leaf = fc.oneof(
  fc.constantFrom(
    '',
    'm',
    'stop',
    'length',
    'tool_calls',
    'tool_use',
    'text',
    'message_start',
    'get_weather',
    '{"city":',
  ),
  fc.integer({ min: -5, max: 5000 }),
  fc.double(),
  fc.constant(null),
  fc.boolean(),
  fc.string(),
);
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: 'medium' },
    leaf,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('json'), { maxKeys: 6 }),
  ),
}));
const text = fc.oneof(
  { weight: 4, arbitrary: json.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string() },
);
const sound = fc.constant(ok());
const anything: fc.Arbitrary<Exchange> = fc
  .record({
    end: fc.constantFrom('whole', 'whole', 'whole', 'cut', 'timeout', 'cancelled'),
    status: fc.constantFrom(200, 200, 200, 204, 302, 400, 401, 404, 429, 500, 503),
    headers: fc.dictionary(
      fc.constantFrom(
        'content-type',
        'retry-after',
        'retry-after-ms',
        'x-ratelimit-remaining-requests',
        'x-ratelimit-limit-requests',
        'x-tollgate-attempts',
        'x-request-id',
        'sunset',
      ),
      fc.oneof(fc.constantFrom('text/event-stream', '3', '-1', 'soon', ''), fc.string()),
    ),
    text,
    events: fc.array(
      text.map((data) => ({ at_ms: 5, event: undefined, data })),
      { maxLength: 6 },
    ),
    total_ms: fc.integer({ min: 0, max: 20_000 }),
  })
  .map((more) => exchange(more as Partial<Exchange>));

describe('whatever a target answers', () => {
  it.each(['openai', 'anthropic'] as const)('every check comes to a verdict, in words (%s)', async (api) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(anything, sound), { minLength: 1, maxLength: 30 }), async (answers) => {
        let call = 0;
        const one = target({
          api,
          key_env: 'K',
          embeddings_model: 'e',
          images_model: 'i',
          reports_cost: { in: 'usage', name: 'cost', unit: 'USD', usd_per_unit: 1 },
        });
        const first = ok({ content: [{ type: 'text', text: 'OK' }] });
        const caller = { call: async () => [first][call++] ?? answers[call % answers.length]! };
        const ready = new ReadyTarget(one, caller, api === 'openai' ? openai : anthropic);
        const { findings } = await run([ready], ALL_CHECKS, { book: faultBook, spending: new Spending(1e6) });
        expect(findings.map(({ check }) => check).sort()).toEqual([...CHECKS].sort());
        for (const { seen } of findings) expect(seen).not.toMatch(/undefined|NaN|\[object|^$/);
      }),
      { numRuns: 40 },
    );
  });
});
