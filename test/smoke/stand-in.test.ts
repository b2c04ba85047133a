import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { charge } from '../../src/pricing/charge.ts';
import type { Asked, Told } from '../../src/smoke/dialect.ts';
import type { Exchange } from '../../src/smoke/exchange.ts';
import { liveCaller } from '../../src/smoke/live-caller.ts';
import { dialectOf } from '../../src/smoke/prepare-run.ts';
import type { BillEntry } from '../../src/smoke/stand-in/bill.ts';
import { STAND_IN_MODELS } from '../../src/smoke/stand-in/models.ts';
import { type StandInInput, standInSpec } from '../../src/smoke/stand-in/spec.ts';
import { type StandIn, startStandIn } from '../../src/smoke/stand-in/start-stand-in.ts';
import { tokensOf } from '../../src/smoke/stand-in/tokens.ts';
import type { Target } from '../../src/smoke/target.ts';
import { VirtualClock } from './setting.ts';

/** No time passes unless a test says so. */
const QUICK: StandInInput = { first_token: 1, per_token: 0, gateway: { added: 0 } };
const CHAT = { operation: 'chat', prompt: 'Name a river.', prompt_tokens: 50, output_tokens: 100 } as const;
const STREAM = { ...CHAT, isStream: true } as const;
const LONG = `${'A river runs through the town and past the mill. '.repeat(150)}`;

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface Asking {
  readonly exchange: Exchange;
  readonly told: Told;
}
interface Setting {
  readonly standIn: StandIn;
  readonly direct: (asked: Asked) => Promise<Asking>;
  readonly gateway: (asked: Asked) => Promise<Asking>;
  readonly bill: () => readonly BillEntry[];
}

async function start(input: StandInInput = {}, seed = 1, key?: string, clock = new VirtualClock()): Promise<Setting> {
  const standIn = await startStandIn(standInSpec.parse({ ...QUICK, ...input }), { seed, clock });
  open.push(standIn);
  const [direct, gateway] = standIn.targets.map((target: Target) => {
    const caller = liveCaller(target, key);
    open.unshift(caller);
    return async (asked: Asked): Promise<Asking> => {
      const exchange = await caller.call(dialectOf(target).call(asked, target));
      return { exchange, told: dialectOf(target).read(exchange, asked, target) };
    };
  });
  return { standIn, direct: direct!, gateway: gateway!, bill: standIn.bill };
}

const ofCounts = ({ counts }: Told) => counts && Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0));
const billed = ({ counts }: BillEntry) => Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0));

describe('a stand-in', () => {
  for (const api of ['openai', 'anthropic'] as const) {
    describe(`asked in the API of ${api}`, () => {
      it('answers whole and in streams that a strict client has no fault to find with', async () => {
        const { direct, gateway } = await start({ api });
        for (const ask of [direct, gateway])
          for (const asked of [CHAT, STREAM]) {
            const { told, exchange } = await ask(asked);
            expect(exchange).toMatchObject({ status: 200, end: 'whole' });
            expect(told).toMatchObject({ faults: [], isEnded: true, error: undefined });
            expect(told.text).toMatch(/^OK/);
            expect(told.counts?.input_tokens).toBe(11);
            expect(told.request_id).toMatch(/-(direct|gateway)-\d$/);
          }
      });

      it('calls tools, whole and streamed, with arguments by their schema', async () => {
        const { direct } = await start({ api });
        const parameters = {
          type: 'object',
          properties: { city: { type: 'string' }, unit: { enum: ['celsius'] } },
          required: ['city', 'unit'],
        };
        const tools = [{ name: 'weather', description: 'Weather', parameters }];
        for (const asked of [CHAT, STREAM]) {
          const { told } = await direct({ ...asked, prompt: 'What is the weather in Rome?', tools });
          expect(told.finish).toBe(api === 'openai' ? 'tool_calls' : 'tool_use');
          expect(told.faults).toEqual([]);
          expect(told.tool_calls.map((call) => [call.name, JSON.parse(call.arguments)])).toEqual([
            ['weather', { city: 'Rome', unit: 'celsius' }],
          ]);
        }
      });

      it('gives JSON by a schema', async () => {
        const { direct } = await start({ api });
        const schema = {
          type: 'object',
          properties: { n: { type: 'integer' }, names: { type: 'array', items: { type: 'string' } } },
          required: ['n', 'names'],
        };
        const { told } = await direct({ ...CHAT, format: { name: 'x', schema } });
        expect(JSON.parse(told.text!)).toEqual({ n: 1, names: ['stand-in'] });
      });

      it('tells an answer at its limit', async () => {
        const { direct } = await start({ api });
        const { told } = await direct({ ...STREAM, prompt: 'Count from 1 to 300.', output_tokens: 5 });
        expect(told.finish).toBe(api === 'openai' ? 'length' : 'max_tokens');
        expect(told.counts?.output_tokens).toBe(5);
        expect(told.text).toBe('1 2 3 4 5');
      });

      it('keeps a long start of a prompt: the second time it is read', async () => {
        const { direct, bill } = await start({ api });
        const asked = { ...CHAT, system: LONG, isCached: true };
        const [first, second] = [await direct(asked), await direct(asked)];
        expect(first.told.counts?.cache_read_tokens).toBe(0);
        expect(second.told.counts!.cache_read_tokens).toBeGreaterThanOrEqual(1024);
        expect(bill().map(billed)).toEqual([first, second].map(({ told }) => ofCounts(told)));
        expect(bill()[1]!.nano_usd).toBeLessThan(bill()[0]!.nano_usd);
      });

      it('refuses in the shape of the API: key, model, body, limit, prompt', async () => {
        const { direct, bill } = await start({ api });
        const raw = (body: object | string): Asked => ({
          operation: 'raw',
          body: typeof body === 'string' ? body : JSON.stringify(body),
          prompt_tokens: 1,
          output_tokens: 1,
        });
        const model = api === 'openai' ? 'gpt-4o-mini' : 'claude-haiku-4-5';
        const message = (content: string) => ({ model, max_tokens: 5, messages: [{ role: 'user', content }] });
        const refused = [
          await direct({ ...CHAT, key: 'wrong' }),
          await direct({ ...CHAT, model: 'no-such-model' }),
          await direct(raw('{"model": ')),
          await direct(raw({ model, messages: 42, max_tokens: 5 })),
          await direct(raw({ ...message('Hi'), max_tokens: 1_000_000 })),
          await direct(raw(message('word '.repeat(250_000)))),
          await direct(raw(message('x'.repeat(4_300_000)))),
        ];
        expect(refused.map(({ exchange }) => exchange.status)).toEqual([401, 404, 400, 400, 400, 400, 413]);
        for (const { told } of refused) {
          expect(told.error?.message).not.toBe('');
          expect(told.error?.type).toBeDefined();
          expect(told.error?.members).toEqual(
            api === 'openai' ? ['code', 'message', 'param', 'type'] : ['message', 'type'],
          );
        }
        expect(bill()).toEqual([]);
      });

      it('lists its models, and tells what is left of its minute', async () => {
        const { direct } = await start({ api });
        const { told } = await direct({ operation: 'models', prompt_tokens: 0, output_tokens: 0 });
        expect(told.models).toContain(api === 'openai' ? 'gpt-4o-mini' : 'claude-haiku-4-5');
        const left = async (): Promise<number> => {
          const { headers } = (await direct(CHAT)).exchange;
          return Number(
            headers[api === 'openai' ? 'x-ratelimit-remaining-requests' : 'anthropic-ratelimit-requests-remaining'],
          );
        };
        const before = await left();
        expect(await left()).toBe(before - 1);
      });
    });
  }

  it('takes no key, or the one that it knows', async () => {
    const known = await start({}, 1, 'stand-in-key');
    expect((await known.direct(CHAT)).exchange.status).toBe(200);
    const unknown = await start({}, 1, 'sk-1234');
    expect((await unknown.direct(CHAT)).exchange.status).toBe(401);
  });

  it('makes embeddings, and images that are charged by the piece', async () => {
    const { direct, bill } = await start();
    const { told } = await direct({
      operation: 'embeddings',
      texts: ['a ship', 'tea'],
      prompt_tokens: 9,
      output_tokens: 0,
    });
    expect(told.embeddings).toHaveLength(2);
    for (const vector of told.embeddings) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    const image = await direct({ operation: 'images', prompt: 'a ship', prompt_tokens: 9, output_tokens: 0 });
    expect(image.told).toMatchObject({ images: 1, counts: { images: 1 } });
    expect(bill().map(({ nano_usd }) => nano_usd)).toEqual([20 * told.counts!.input_tokens, 40_000_000]);
  });

  it('demands the word json for JSON mode, as the API does', async () => {
    const { direct } = await start();
    expect((await direct({ ...CHAT, format: 'json' })).exchange.status).toBe(400);
    const { told } = await direct({ ...CHAT, prompt: 'Answer in JSON.', format: 'json' });
    expect(JSON.parse(told.text!)).toEqual({ answer: 'OK' });
  });

  it('echoes the user, answers look-ups, and charges an idempotency key once', async () => {
    const { gateway, standIn, bill } = await start({ gateway: { added: 0, reports_cost: 'lookup' } });
    const asked = { ...CHAT, user: 'u-1', headers: { 'idempotency-key': 'k1' } };
    const [first, again] = [await gateway(asked), await gateway(asked)];
    expect(again.exchange.text).toBe(first.exchange.text);
    expect(again.exchange.headers['idempotent-replayed']).toBe('true');
    expect(first.exchange.headers['x-stand-in-user']).toBe('u-1');
    expect(bill()).toMatchObject([{ user: 'u-1', state: 'whole' }]);
    expect((await gateway({ ...asked, prompt: 'Another' })).exchange.status).toBe(400);
    const { told } = await gateway({
      operation: 'cost_lookup',
      request_id: first.told.request_id!,
      prompt_tokens: 0,
      output_tokens: 0,
    });
    expect(told.reported_usd).toBe(bill()[0]!.nano_usd / 1e9);
    expect(standIn.targets[1]!.reports_cost?.in).toBe('lookup');
  });

  it('refuses with Retry-After when its minute is used up', async () => {
    const { direct } = await start({ direct: { allowance: { requests_per_minute: 1 } } });
    await direct(CHAT);
    const { exchange, told } = await direct(CHAT);
    expect(exchange.status).toBe(429);
    expect(Number(exchange.headers['retry-after'])).toBeGreaterThan(0);
    expect(told.error).toMatchObject({ code: 'rate_limit_exceeded' });
  });

  it('is a stand-in and says so: kind, systems, a header on each answer', async () => {
    const { standIn, direct } = await start();
    expect(standIn.targets.map(({ id, system, kind, isBaseline }) => [id, system, kind, isBaseline])).toEqual([
      ['stand-in', 'stand-in', 'stand_in', true],
      ['stand-in-gateway', 'stand-in gateway', 'stand_in', false],
    ]);
    expect((await direct(CHAT)).exchange.headers['x-stand-in']).toBe('simulated');
  });
});

describe('faults of a stand-in', () => {
  const with_ = (faults: object): StandInInput => ({ direct: { faults } });

  it('errors, resets, cuts and stalls are what a client sees of them', async () => {
    const ends = async (faults: object, asked: Asked = STREAM) => {
      const { direct, bill } = await start(with_(faults));
      const { exchange, told } = await direct({ ...asked, timeout_ms: 300 });
      return [exchange.end, exchange.status, told.isEnded, bill().map(({ state }) => state)];
    };
    const [end, status] = await ends({ error_fraction: 1 });
    expect(end).toBe('whole');
    expect([500, 503]).toContain(status);
    expect(await ends({ reset_fraction: 1 })).toEqual(['unreachable', 0, false, []]);
    expect(await ends({ cut_fraction: 1 })).toEqual(['cut', 200, false, ['cut']]);
    expect(await ends({ stall_fraction: 1 })).toEqual(['timeout', 200, false, ['cut']]);
    expect(await ends({ cut_fraction: 1 }, CHAT)).toEqual(['cut', 200, false, ['cut']]);
  });

  it('429s come in bursts, over for who waits as long as Retry-After says', async () => {
    const clock = new VirtualClock();
    const { direct } = await start(with_({ burst_fraction: 0.1, burst_lasts: '10 s' }), 1, undefined, clock);
    const status = async (): Promise<number> => (await direct(CHAT)).exchange.status;
    let served = 0;
    while ((await status()) === 200) served++;
    expect(served).toBeGreaterThan(0);
    expect(served).toBeLessThan(100);
    const { exchange } = await direct(CHAT);
    expect(exchange.status).toBe(429);
    expect(await status()).toBe(429);
    expect(exchange.headers['retry-after']).toBe('10');
    await clock.wait(Number(exchange.headers['retry-after-ms']));
    expect(await status()).toBe(200);
  });

  it('that come to more than all requests are told', () => {
    const { error } = standInSpec.safeParse(with_({ error_fraction: 0.6, cut_fraction: 0.6 }));
    expect(error?.issues[0]?.message).toContain('come to more than 1 together');
  });

  it('a cut answer is charged for what was made, one that a client leaves too', async () => {
    const { direct, bill } = await start({ ...with_({ cut_fraction: 1 }), answer_tokens: 40 });
    await direct(STREAM);
    const { input_tokens, output_tokens } = bill()[0]!.counts;
    expect(input_tokens).toBe(11);
    expect(output_tokens).toBeGreaterThan(0);
    expect(output_tokens).toBeLessThanOrEqual(40);

    const slow = await startStandIn(standInSpec.parse({ ...QUICK, per_token: 20, answer_tokens: 40 }), { seed: 1 });
    open.push(slow);
    const [target] = slow.targets;
    const caller = liveCaller(target!, undefined);
    open.unshift(caller);
    const { end } = await caller.call(dialectOf(target!).call({ ...STREAM, leave_after_events: 4 }, target!));
    expect(end).toBe('cancelled');
    for (let i = 0; slow.bill().length === 0 && i < 100; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(slow.bill()[0]).toMatchObject({ state: 'cancelled' });
    expect(slow.bill()[0]!.counts.output_tokens).toBeGreaterThanOrEqual(2);
    expect(slow.bill()[0]!.counts.output_tokens).toBeLessThan(20);
  });

  it('a dropped discount and inflated tokens are told and charged', async () => {
    const asked = { ...CHAT, system: LONG };
    const dropping = await start(with_({ drops_cache_discount: true }));
    const [first, second] = [await dropping.direct(asked), await dropping.direct(asked)];
    expect(second.told.counts).toMatchObject({ cache_read_tokens: 0, input_tokens: first.told.counts!.input_tokens });
    const inflating = await start({ ...with_({ inflated_percent: 10 }), answer_tokens: 40 });
    const { told } = await inflating.direct(asked);
    expect(told.counts!.input_tokens).toBe(Math.round(first.told.counts!.input_tokens * 1.1));
    expect(told.counts!.output_tokens).toBe(44);
    expect(inflating.bill().map(billed)).toEqual([ofCounts(told)]);
  });
});

describe('the bill of a stand-in', () => {
  it('is in integers that equal the price book’s prices', async () => {
    const book = await readPriceBook();
    for (const { seller, name, nano_usd } of STAND_IN_MODELS) {
      if (seller === undefined) continue;
      const { image, ...tokens } = nano_usd;
      expect(image).toBe(0);
      for (const [key, price] of Object.entries(tokens)) {
        expect(Number.isSafeInteger(price)).toBe(true);
        const counts = { [`${key}_tokens`]: 1_000_000 };
        const { charge_usd } = charge(book, { seller, model: name, tier: 'standard' }, counts, '2026-11-21');
        if (price > 0) expect(Math.round(charge_usd! * 1e6) / 1e3, `${name} ${key}`).toBe(price);
      }
    }
  });

  it('takes its markup in integers, rounded once', async () => {
    const { gateway, bill } = await start();
    const { told } = await gateway({ ...CHAT, prompt: 'Say OK' });
    const { input_tokens, output_tokens } = told.counts!;
    expect(bill()[0]!.nano_usd).toBe(Math.floor(((150 * input_tokens + 600 * output_tokens) * 1055 + 500) / 1000));
    expect(told.reported_usd).toBe(bill()[0]!.nano_usd / 1e9);
  });

  it('equals the sum of the costs that answers told, and its counts are those that they told', async () => {
    const chat = fc.record({
      prompt: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }),
      output_tokens: fc.integer({ min: 1, max: 60 }),
      isStream: fc.boolean(),
      isLong: fc.boolean(),
      isGateway: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('openai' as const, 'anthropic' as const),
        fc.integer({ min: 0, max: 1000 }),
        fc.array(chat, { minLength: 1, maxLength: 6 }),
        async (api, seed, chats) => {
          const route = {
            added: 0,
            reports_cost: 'usage',
            faults: { error_fraction: 0.1, inflated_percent: 3 },
          } as const;
          const { direct, gateway, bill } = await start({ api, direct: route, gateway: route }, seed);
          const told: Told[] = [];
          for (const { isLong, isGateway, ...rest } of chats) {
            const asked: Asked = {
              operation: 'chat',
              prompt_tokens: 0,
              ...rest,
              ...(isLong ? { system: LONG, isCached: true } : {}),
            };
            const answer = await (isGateway ? gateway : direct)(asked);
            if (answer.exchange.status === 200) told.push(answer.told);
          }
          expect(bill().map(billed)).toEqual(told.map(ofCounts));
          const nano = told.map(({ reported_usd }) => Math.round(reported_usd! * 1e9));
          expect(bill().map(({ nano_usd }) => nano_usd)).toEqual(nano);
          expect(told.every(({ reported_usd }, i) => reported_usd === nano[i]! / 1e9)).toBe(true);
          for (const one of open.splice(0)) await one.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('same seed, same bytes; another seed, others', async () => {
    const bytes = async (seed: number): Promise<string> => {
      const { direct, gateway, bill } = await start({ direct: { faults: { error_fraction: 0.2 } } }, seed);
      const texts: string[] = [];
      for (let i = 0; i < 10; i++)
        for (const ask of [direct, gateway])
          for (const asked of [CHAT, STREAM]) texts.push((await ask(asked)).exchange.text);
      return JSON.stringify([texts, bill().map(({ at_ms, ...rest }) => rest)]);
    };
    const [one, again, other] = [await bytes(7), await bytes(7), await bytes(8)];
    expect(again === one).toBe(true);
    expect(other === one).toBe(false);
  });

  it('counts tokens by a rule of its own', () => {
    expect(tokensOf('Say OK, please.')).toBe(5);
    expect(tokensOf('')).toBe(0);
    expect(tokensOf('1234567')).toBe(3);
    expect(tokensOf('港口 ab')).toBe(3);
  });
});
