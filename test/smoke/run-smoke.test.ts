import { describe, expect, it } from 'vitest';
import type { PairedCheck } from '../../src/smoke/check.ts';
import { pass } from '../../src/smoke/judging/verdicts.ts';
import { Spending } from '../../src/smoke/spending.ts';
import { asksOnce, CHAT, exchange, ok, ready, run, USAGE } from './setting.ts';

/** 100 tokens in and 10 out at alpha: 0.0003 + 0.00015. */
const COST_USD = 0.00045;
const dead = () =>
  exchange({ status: 0, end: 'timeout', failure: 'there was no answer in time', first_byte_ms: undefined });

describe('a run of the suite', () => {
  it('keeps findings with their evidence, and what was spent', async () => {
    const found = await run([ready(ok())], [asksOnce('reachable'), asksOnce('latency', 2)]);
    expect(found.findings.map(({ check, verdict, evidence }) => ({ check, verdict, evidence }))).toEqual([
      { check: 'reachable', verdict: 'pass', evidence: ['direct-1'] },
      { check: 'latency', verdict: 'pass', evidence: ['direct-2', 'direct-3'] },
    ]);
    expect(found.evidence[0]).toMatchObject({
      counts: { input_tokens: USAGE.prompt_tokens, output_tokens: USAGE.completion_tokens },
      request_id: 'c1',
    });
    expect(found.evidence[0]!.computed_usd).toBeCloseTo(COST_USD, 12);
    expect(found.spent.usd).toBeCloseTo(3 * COST_USD, 9);
    expect(found.complete).toBe(true);
  });

  it('a dead target costs one time-out, and its checks say why they were not run', async () => {
    let calls = 0;
    const gone = ready(async () => {
      calls++;
      return dead();
    });
    const found = await run([gone], [asksOnce('reachable'), asksOnce('streaming'), asksOnce('tool_calls')]);
    expect(calls).toBe(1);
    expect(found.findings.map(({ verdict }) => verdict)).toEqual(['fail', 'not_run', 'not_run']);
    expect(found.findings[1]!.seen).toBe('it is not reachable, so that nothing else was asked of it');
    expect(found.complete).toBe(true);
  });

  it('a target that dies on the way is given up after two calls in vain', async () => {
    let calls = 0;
    const dying = ready(async () => (calls++ < 2 ? ok() : dead()));
    const checks = [
      asksOnce('reachable'),
      ...(['streaming', 'cancel', 'images', 'embeddings', 'json_mode'] as const).map((id) => asksOnce(id)),
    ];
    const found = await run([dying], checks);
    expect(calls).toBe(4);
    expect(found.findings.map(({ verdict }) => verdict)).toEqual([
      'pass',
      'pass',
      'fail',
      'fail',
      'not_run',
      'not_run',
    ]);
  });

  it('a cap that is reached leaves the rest unrun, and the run incomplete', async () => {
    const spending = new Spending(2.5 * COST_USD);
    const found = await run([ready(ok())], [asksOnce('reachable'), asksOnce('streaming'), asksOnce('cancel')], {
      spending,
    });
    expect(found.findings.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'not_run']);
    expect(found.findings[2]!.seen).toContain('does not fit under what is left of');
    expect(found.complete).toBe(false);
    expect(found.spent.at_most_usd).toBeLessThanOrEqual(spending.cap_usd);
  });

  it('a cost that nobody tells counts as the most that it can be', async () => {
    const found = await run([ready(ok({ usage: undefined }))], [asksOnce('reachable')]);
    expect(found.spent.usd).toBe(0);
    expect(found.spent.at_most_usd).toBeCloseTo(COST_USD, 9);
    expect(found.evidence[0]).toMatchObject({ counts: null, computed_usd: null });
  });

  it('an interruption gives measurements of what was seen', async () => {
    const stop = new AbortController();
    let calls = 0;
    const stopping = ready(async () => {
      if (++calls === 2) stop.abort();
      return ok();
    });
    const found = await run([stopping], [asksOnce('reachable'), asksOnce('streaming'), asksOnce('cancel')], {
      signal: stop.signal,
    });
    expect(found.complete).toBe(false);
    expect(found.findings.map(({ verdict, seen }) => [verdict, seen])).toEqual([
      ['pass', 'status 200'],
      ['pass', 'status 200'],
      ['not_run', 'interrupted'],
    ]);
  });

  it('an interruption does not hide why a target was given up before', async () => {
    const stop = new AbortController();
    let calls = 0;
    const stopping = ready(async () => {
      if (++calls === 2) stop.abort();
      return ok();
    });
    const gone = ready(dead(), { id: 'gone', isBaseline: false });
    const checks = [asksOnce('reachable'), asksOnce('streaming'), asksOnce('cancel')];
    const found = await run([stopping, gone], checks, { signal: stop.signal });
    const seen = found.findings.filter(({ check }) => check === 'cancel').map(({ target, seen: why }) => [target, why]);
    expect(Object.fromEntries(seen)).toEqual({
      gone: 'it is not reachable, so that nothing else was asked of it',
      direct: 'interrupted',
    });
  });

  it('compares in rounds over all targets, in an order that changes with the round and not with the run', async () => {
    const order: string[] = [];
    const noting = (id: string, isBaseline: boolean) =>
      ready(
        async () => {
          order.push(id);
          return ok();
        },
        { id, isBaseline },
      );
    const paired: PairedCheck = {
      id: 'latency',
      asks: 'how long',
      byDefault: true,
      rounds: (asked) => asked,
      plan: () => [CHAT],
      round: async ({ ask }) => [await ask(CHAT)],
      judge: (own, baseline, { id }) => ({
        verdict: 'pass',
        seen: `${id}: ${own.length} against ${baseline?.length ?? 'none'}`,
        evidence: own.flat(),
      }),
    };
    const targets = () => [noting('direct', true), noting('gateway', false)];
    const found = await run(targets(), [asksOnce('reachable'), paired]);
    expect(found.findings.slice(2).map(({ seen }) => seen)).toEqual([
      'direct: 10 against none',
      'gateway: 10 against 10',
    ]);
    const rounds = Array.from({ length: 10 }, (_, i) => order.slice(2 + 2 * i, 4 + 2 * i));
    for (const round of rounds) expect([...round].sort()).toEqual(['direct', 'gateway']);
    expect(new Set(rounds.map(([first]) => first))).toEqual(new Set(['direct', 'gateway']));
    const before = order.splice(0);
    await run(targets(), [asksOnce('reachable'), paired]);
    expect(order).toEqual(before);
  });

  it('keeps no prompt, not even one that an error repeats', async () => {
    const prompt = 'A canary "sings" at noon';
    const asks = asksOnce('reachable');
    const echo = exchange({ status: 400, text: JSON.stringify({ error: { message: `bad: ${prompt}`, code: 'x' } }) });
    const found = await run(
      [ready(echo)],
      [
        {
          ...asks,
          run: async ({ ask }) => {
            const seen = await ask({ ...CHAT, prompt });
            return { verdict: 'fail', seen: 'refused', evidence: [seen] };
          },
        },
      ],
    );
    expect(JSON.stringify(found)).not.toContain('canary');
    expect(found.evidence[0]!.answer).toContain('bad: [');
  });

  it('names targets that were left out', async () => {
    const [left] = [ready(ok(), { id: 'other' })];
    const found = await run([ready(ok())], [asksOnce('reachable')], {
      skipped: [{ target: left!.target, why: 'OTHER_API_KEY is not set' }],
    });
    expect(found.targets.map(({ id, skipped }) => [id, skipped])).toEqual([
      ['direct', null],
      ['other', 'OTHER_API_KEY is not set'],
    ]);
  });
});

describe('the cap', () => {
  it('holds under 50 calls at a time', async () => {
    let most = 0;
    const spending = new Spending(20 * COST_USD);
    const slow = ready(async () => {
      most = Math.max(most, spending.spent.at_most_usd);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return ok();
    });
    const checks = Array.from({ length: 50 }, () => ready(slow.caller.call));
    const found = await run(checks, [asksOnce('reachable')], { spending });
    expect(found.findings.filter(({ verdict }) => verdict === 'pass')).toHaveLength(20);
    expect(found.spent.at_most_usd).toBeLessThanOrEqual(spending.cap_usd + 1e-9);
  });

  it('is not widened by a target that tells less than the price book, nor by one that tells more', async () => {
    const spentWith = async (cost: number): Promise<number> => {
      const usage = { ...USAGE, cost };
      const reports_cost = { in: 'usage', name: 'cost', unit: 'USD', usd_per_unit: 1 } as const;
      const found = await run([ready(ok({ usage }), { reports_cost })], [asksOnce('reachable')]);
      return found.spent.usd;
    };
    expect(await spentWith(0)).toBeCloseTo(COST_USD, 9);
    expect(await spentWith(2 * COST_USD)).toBeCloseTo(2 * COST_USD, 9);
  });

  it('gives back what a call did not cost', async () => {
    const spending = new Spending(1);
    const settle = await spending.reserve(1);
    settle(0.25);
    await spending.reserve(0.75);
    expect(spending.spent).toEqual({ usd: 0.25, at_most_usd: 0.25 });
    await expect(new Spending(1).reserve(1.000001)).rejects.toThrow('does not fit');
  });

  it('lets a call wait that would fit beside none, and refuses it once it no longer can', async () => {
    const spending = new Spending(1);
    const first = await spending.reserve(0.6);
    const ends: string[] = [];
    const second = spending.reserve(0.6).then((settle) => {
      ends.push('second went');
      return settle;
    });
    const third = spending.reserve(0.9).catch((error: Error) => ends.push(error.name));
    await Promise.resolve();
    expect(ends).toEqual([]);
    first(0.05);
    (await second)(0.2);
    await third;
    expect(ends).toEqual(['second went', 'CapReached']);
    expect(spending.spent).toEqual({ usd: 0.25, at_most_usd: 0.25 });
  });

  it('puts targets one after the other to a call that the cap has room for once', async () => {
    const targets = ['a', 'b', 'c'].map((id) =>
      ready(exchange({ status: 400, text: JSON.stringify({ error: { message: 'too long' } }) }), { id }),
    );
    const reached = { ...asksOnce('reachable'), run: async () => pass('there', []) };
    const found = await run(targets, [reached, asksOnce('too_long_prompt')], {
      spending: new Spending(1.5 * COST_USD),
    });
    expect(found.findings.filter(({ check }) => check === 'too_long_prompt').map(({ seen }) => seen)).toEqual(
      Array(3).fill('status 400'),
    );
    expect(found).toMatchObject({ complete: true, spent: { usd: 0, at_most_usd: 0 } });
  });

  it('keeps which prices costs were computed from, and how old they were', async () => {
    const found = await run([ready(ok()), ready(ok(), { id: 'other', isBaseline: false })], [asksOnce('reachable')]);
    expect(found.prices).toEqual([
      { seller: 'alpha', model: 'm', as_of: '2026-01-01', age_days: 151, source: expect.any(String) },
    ]);
    const own = await run([ready(ok(), { kind: 'local' })], [asksOnce('reachable')]);
    expect(own.prices).toEqual([]);
  });
});
