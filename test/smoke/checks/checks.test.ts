import { beforeAll, describe, expect, it } from 'vitest';
import { readPriceBook } from '../../../src/io/read-price-book.ts';
import { CHECKS } from '../../../src/measurements/contract.ts';
import type { PriceBook } from '../../../src/pricing/price-book.ts';
import { isPaired } from '../../../src/smoke/check.ts';
import { ALL_CHECKS, chosenChecks } from '../../../src/smoke/checks.ts';
import { openai } from '../../../src/smoke/dialects/openai.ts';
import { planOf } from '../../../src/smoke/plan.ts';
import { sum } from '../../../src/units.ts';
import { runFault } from '../fault-run.ts';
import { target } from '../setting.ts';

let book: PriceBook;
beforeAll(async () => {
  book = await readPriceBook();
});

describe('the checks of a run', () => {
  it('are those of the contract, each once, reachable first', () => {
    expect(ALL_CHECKS.map(({ id }) => id).sort()).toEqual([...CHECKS].sort());
    expect(ALL_CHECKS[0]!.id).toBe('reachable');
  });

  it('are all but images and too long a prompt by default', () => {
    const others = ALL_CHECKS.map(({ id }) => id).filter((id) => id !== 'images' && id !== 'too_long_prompt');
    expect(chosenChecks().map(({ id }) => id)).toEqual(others);
  });

  it('are those that are named, and reachable', () => {
    expect(chosenChecks(['images', 'latency']).map(({ id }) => id)).toEqual(['reachable', 'latency', 'images']);
  });

  it('are told where a name is none, all at once', () => {
    expect(() => chosenChecks(['latncy', 'streaming', 'prices'])).toThrow(
      /there is no check "latncy" \(did you mean "latency"[\s\S]*there is no check "prices"/,
    );
  });
});

describe('the plan', () => {
  it('of a whole run of ten rounds on gpt-4o-mini costs well under a cent', () => {
    const plan = planOf(
      target({
        system: 'openai',
        model: 'gpt-4o-mini',
        priced_as: { seller: 'openai', model: 'gpt-4o-mini' },
        embeddings_model: 'text-embedding-3-small',
        key_env: 'OPENAI_API_KEY',
      }),
      openai,
      chosenChecks(),
      { book, rounds: 10, on: '2026-11-01' },
    );
    const usd = sum(plan.map(({ most_usd }) => most_usd!));
    expect(usd).toBeGreaterThan(0.001);
    expect(usd).toBeLessThan(0.005);
  });

  it.each(['openai', 'anthropic'] as const)('holds for what is asked: calls and tokens (%s)', async (api) => {
    for (const cost of ['usage', 'lookup'] as const) {
      const { found, targets } = await runFault({}, { api, cost });
      for (const check of ALL_CHECKS) {
        const seen = found.evidence.filter((one) => one.check === check.id && one.status !== 429);
        const [of] = targets;
        const planned = isPaired(check)
          ? Array.from({ length: check.rounds(found.rounds) }, (_, round) => check.plan(of!, round)).flat()
          : check.plan(of!);
        const told = (meters: readonly string[]) =>
          sum(seen.flatMap(({ counts }) => meters.map((meter) => counts?.[meter as 'input_tokens'] ?? 0)));
        expect(seen.length, check.id).toBeLessThanOrEqual(planned.length);
        expect(told(['input_tokens', 'cache_read_tokens'])).toBeLessThanOrEqual(
          sum(planned.map(({ prompt_tokens }) => prompt_tokens)),
        );
        expect(told(['output_tokens'])).toBeLessThanOrEqual(sum(planned.map(({ output_tokens }) => output_tokens)));
      }
    }
  });
});
