/** Targets and callers that answer on a virtual clock, for tests of the suite. */
import { type Measurements, measurements } from '../../src/measurements/contract.ts';
import type { Seen, TargetCheck } from '../../src/smoke/check.ts';
import type { Clock } from '../../src/smoke/clock.ts';
import { openai } from '../../src/smoke/dialects/openai.ts';
import type { Call, Caller, Exchange } from '../../src/smoke/exchange.ts';
import { ReadyTarget } from '../../src/smoke/probe.ts';
import { type Check, runSmoke, type SmokeRun } from '../../src/smoke/run-smoke.ts';
import { Spending } from '../../src/smoke/spending.ts';
import type { Target } from '../../src/smoke/target.ts';
import { book } from '../router/setting.ts';

export const START_MS = Date.parse('2026-06-01T00:00:00Z');

/** Time that passes only where somebody waits. */
export class VirtualClock implements Clock {
  #now = START_MS;
  readonly now = (): number => this.#now;
  readonly wait = async (ms: number): Promise<void> => {
    this.#now += ms;
  };
}

export const target = (more: Partial<Target> = {}): Target => ({
  id: 'direct',
  system: 'alpha',
  kind: 'direct',
  base_url: 'http://127.0.0.1:9/v1',
  api: 'openai',
  model: 'm',
  priced_as: { seller: 'alpha', model: 'm' },
  key_env: undefined,
  key_header: 'authorization',
  key_prefix: 'Bearer ',
  supports: {},
  headers: {},
  reports_cost: undefined,
  embeddings_model: undefined,
  images_model: undefined,
  usd_per_image: undefined,
  isBaseline: true,
  required: new Set(),
  timeout_ms: 1000,
  output_limit: 'max_tokens',
  ...more,
});

export const exchange = (more: Partial<Exchange> = {}): Exchange => ({
  started_ms: START_MS,
  end: 'whole',
  status: 200,
  headers: { 'content-type': 'application/json' },
  text: '',
  events: [],
  first_byte_ms: 1,
  total_ms: 10,
  failure: undefined,
  ...more,
});

/** 100 tokens in and 10 out. */
export const USAGE = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
export const ok = (more: object = {}): Exchange =>
  exchange({
    text: JSON.stringify({
      id: 'c1',
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'OK' }, finish_reason: 'stop' }],
      usage: USAGE,
      ...more,
    }),
  });

export const ready = (answer: Caller['call'] | Exchange, more: Partial<Target> = {}): ReadyTarget => {
  const call = typeof answer === 'function' ? answer : async (): Promise<Exchange> => answer;
  return new ReadyTarget(target(more), { call }, openai);
};

export const CHAT = { operation: 'chat', prompt: 'Say OK', prompt_tokens: 100, output_tokens: 10 } as const;

/** Passes where the answer is 200. */
export const asksOnce = (id: TargetCheck['id'], calls = 1): TargetCheck => ({
  id,
  asks: 'whether it answers',
  byDefault: true,
  plan: () => Array.from({ length: calls }, () => CHAT),
  run: async ({ ask }) => {
    const seen: Seen[] = [];
    for (let i = 0; i < calls; i++) seen.push(await ask(CHAT));
    const status = seen.at(-1)!.exchange.status;
    return { verdict: status === 200 ? 'pass' : 'fail', seen: `status ${status}`, evidence: seen };
  },
});

export async function run(
  readyTargets: readonly ReadyTarget[],
  checks: readonly Check[],
  more: Partial<SmokeRun> = {},
): Promise<Measurements> {
  const spending = more.spending ?? new Spending(1);
  const found = await runSmoke({
    ready: readyTargets,
    skipped: [],
    checks,
    facts: {
      simulated: false,
      tollgate: '0',
      node: '0',
      seed: 1,
      rounds: 10,
      cap_usd: spending.cap_usd,
      price_book_sha256: '',
    },
    book,
    clock: new VirtualClock(),
    secrets: [],
    ...more,
    spending,
  });
  return measurements.parse(found);
}

export const callOf = (more: Partial<Call> = {}): Call => ({
  operation: 'chat',
  path: '/chat/completions',
  method: 'POST',
  body: { model: 'm', messages: [] },
  isStream: false,
  headers: {},
  key: 'own',
  timeout_ms: 1000,
  ...more,
});
