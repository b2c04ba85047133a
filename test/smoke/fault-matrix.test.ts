/** Each check has upstreams that break exactly it: it fails there, and nothing else does. */
import { describe, expect, it } from 'vitest';
import type { CheckId, Figure, Measurements, Verdict } from '../../src/measurements/contract.ts';
import { CHECKS } from '../../src/measurements/contract.ts';
import { runFault, type Setting } from './fault-run.ts';
import { KEY } from './fault-upstream.ts';
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

describe('what the matrix shows beside verdicts', () => {
  it('a target whose key is not accepted fails reachable, and is asked nothing else', async () => {
    const { verdicts, seen, upstream } = await runFault(
      { refuse: (_, upstream) => upstream.refusal(401, 'authentication_error', KEY) },
      { api: 'openai' },
    );
    expect(verdicts).toEqual(
      Object.fromEntries(CHECKS.map((check) => [check, check === 'reachable' ? 'fail' : 'not_run'])),
    );
    expect(upstream.calls).toBe(1);
    expect(seen.reachable).toMatch(
      /^expected HTTP 200, seen: HTTP 401 \(\[redacted\]\); is TEST_KEY a key of http:\/\/127\.0\.0\.1:\d+\/v1\?$/,
    );
  });

  it('a gateway’s markup of 5.5 % is measured, and is no failure', async () => {
    const { verdicts, found } = await runFault(
      {
        make: (made) => {
          made.cost_usd *= 1.055;
        },
      },
      { api: 'openai', as: 'gateway' },
    );
    expect(verdicts.cost_reported).toBe('pass');
    const markup = figureOf(found, 'markup_fraction');
    expect(markup!.value).toBeCloseTo(0.055, 9);
    expect(markup!.interval!.low).toBeCloseTo(0.055, 9);
  });

  it('who leaves a stream is billed what was written, unless the seller is deaf', async () => {
    const sound = await runFault({}, { api: 'openai', cost: 'lookup' });
    const deaf = await runFault(
      {
        reply: (reply) => {
          reply.isDeaf = true;
        },
      },
      { api: 'openai', cost: 'lookup' },
    );
    expect([sound.upstream.brokenOff, deaf.upstream.brokenOff]).toEqual([1, 1]);
    expect(sound.upstream.writtenOfLeft).toBeLessThan(100);
    expect(deaf.upstream.writtenOfLeft).toBeGreaterThan(200);
    expect(figureOf(sound.found, 'cancelled_cost_fraction')!.value).toBeLessThan(0.5);
    expect(figureOf(deaf.found, 'cancelled_cost_fraction')!.value).toBeCloseTo(1, 6);
  });

  it('figures of a sound run: nothing is billed beyond the baseline, and cached tokens cost a tenth', async () => {
    const { found } = await runFault({}, { api: 'openai', as: 'gateway', rounds: 6 });
    expect(figureOf(found, 'billed_tokens_ratio')).toMatchObject({
      value: 1,
      interval: { low: 1, high: 1 },
      samples: 9,
    });
    expect(figureOf(found, 'cache_read_fraction')!.value).toBeGreaterThan(0.9);
    expect(figureOf(found, 'cached_price_fraction')!.value).toBeCloseTo(0.1, 1);
    expect(figureOf(found, 'error_fraction')).toMatchObject({ value: 0, samples: 6 });
    expect(figureOf(found, 'added_first_token_ms')).toMatchObject({ unit: 'ms', samples: 6 });
    expect(figureOf(found, 'added_first_token_ms')!.interval).not.toBeNull();
  });

  it('neither the key nor a prompt is in what is written', async () => {
    const { found } = await runFault(
      { reply: (reply) => Object.assign(reply.headers, { 'x-tollgate-note': KEY }) && undefined },
      { api: 'openai', as: 'gateway', cost: 'lookup' },
    );
    const text = JSON.stringify(found);
    expect(text).not.toContain(KEY);
    for (const prompt of ['harbour town', 'single word OK', 'get_weather for Paris', '港口', 'nine digits'])
      expect(text).not.toContain(prompt);
  });
});

const figureOf = ({ findings }: Measurements, name: string): Figure | undefined =>
  findings
    .filter(({ target }) => target === 'tested')
    .flatMap(({ figures }) => figures)
    .find((one) => one.name === name);
