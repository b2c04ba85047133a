import { describe, expect, it } from 'vitest';
import { HELD_BATCHES, onceLong, type RunningReplays } from '../../src/cli/start-replays.ts';
import type { ReplayBatch } from '../../src/replay/columns.ts';

const batches = Array.from({ length: HELD_BATCHES + 3 }, (_, i) => ({ requests: i }) as ReplayBatch);

function told() {
  const calls: string[] = [];
  const named = (name: string) => (): RunningReplays => {
    calls.push(name);
    return {
      take: ({ requests }) => calls.push(`${requests}`),
      results: async () => new Map(),
      end: async () => {
        calls.push('end');
      },
    };
  };
  return { calls, run: onceLong(named('short'), named('long')) };
}

describe('replays whose traffic may be short', () => {
  it('start nothing costly for a few batches', async () => {
    const { calls, run } = told();
    for (const batch of batches.slice(0, HELD_BATCHES)) run.take(batch);
    expect(calls).toEqual([]);
    await run.results();
    await run.end();
    expect(calls).toEqual(['short', ...batches.slice(0, HELD_BATCHES).map(({ requests }) => `${requests}`), 'end']);
  });

  it('hand on all batches in order once there are more', async () => {
    const { calls, run } = told();
    for (const batch of batches) run.take(batch);
    expect(calls).toEqual(['long', ...batches.map(({ requests }) => `${requests}`)]);
    await run.results();
    await run.end();
    expect(calls.at(-1)).toBe('end');
  });

  it('end what was never started', async () => {
    const { calls, run } = told();
    run.take(batches[0]!);
    await run.end();
    expect(calls).toEqual([]);
  });
});
