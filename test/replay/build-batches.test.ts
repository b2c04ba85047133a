import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { batchesOf } from '../../src/replay/build-batches.ts';
import { BATCH_ROWS, meterAt } from '../../src/replay/columns.ts';
import { request, START_MS } from './setting.ts';

describe('batches of columns', () => {
  test('number names in order of first use and keep their lists', () => {
    const [batch] = batchesOf([
      request({ feature: 'chat', user: 'u', team: 't' }),
      request({ feature: 'search' }),
      request({ model: undefined, seller: undefined }),
    ]);
    expect(Array.from(batch!.feature)).toEqual([1, 2, 0]);
    expect(Array.from(batch!.model)).toEqual([1, 1, 0]);
    expect(batch!.column_names.models).toEqual(['unassigned', 'openai/large']);
    expect(batch!.column_names.features).toEqual(['', 'chat', 'search']);
    expect([batch!.user[0], batch!.team[0], batch!.user[1]]).toEqual([1, 1, 0]);
  });

  test('know a prompt by model, last block and tokens', () => {
    const [batch] = batchesOf([
      request({ hash_chain: [5, 7] }),
      request({ hash_chain: [5, 7] }),
      request({ hash_chain: [5, 7], input_tokens: 999 }),
      request({ hash_chain: [5, 8] }),
      request({ hash_chain: [5, 7], model: 'small' }),
      request(),
    ]);
    const [a, again, shorter, other, model, unknown] = batch!.prompt;
    expect(again).toBe(a);
    expect(new Set([a, shorter, other, model]).size).toBe(4);
    expect(unknown).toBe(-1);
    expect(Array.from(batch!.chains)).toEqual([0, 1, 0, 1, 0, 1, 0, 2, 0, 1]);
  });

  test('keep blocks apart whose ids differ above 32 bits', () => {
    const [batch] = batchesOf([request({ hash_chain: [5] }), request({ hash_chain: [5 + 2 ** 32] })]);
    expect(batch!.chains[0]).not.toBe(batch!.chains[1]);
  });

  test('hold the meters that occur, and the text of a prompt apart from the whole', () => {
    const [batch] = batchesOf([request({ input_tokens: 10, cache_read_tokens: 5, image_input_tokens: 7, images: 1 })]);
    expect([batch!.prompt_tokens[0], batch!.context_tokens[0], batch!.output_tokens[0]]).toEqual([15, 22, 200]);
    expect(Array.from(batch!.meters)).toContain(meterAt('images'));
    expect(batch!.counts[meterAt('cache_read_tokens')]![0]).toBe(5);
    expect(batch!.counts[meterAt('reasoning_tokens')]).toHaveLength(0);
  });

  test.each([
    ['keep rows that are in order, chains with them', false],
    ['put rows right that are out of order by less than a batch, chains with them', true],
  ])('%s', (_, isMixed) => {
    const rows = 3 * BATCH_ROWS;
    const times = Array.from({ length: rows }, (_, i) => i);
    for (let i = 0; isMixed && i + 10_000 < rows; i += 10_007) times.splice(i + 10_000, 0, ...times.splice(i, 1));
    const batches = batchesOf(
      times.map((at) =>
        request({ time_ms: START_MS + at, input_tokens: at, hash_chain: [at, at + 1, at + 2].slice(0, 1 + (at % 3)) }),
      ),
    );
    const numbers = new Map<number, number>();
    let expected = 0;
    let wrong = 0;
    for (const { requests, time_ms, prompt_tokens, chains, chain_offset, chain_length } of batches) {
      expect(requests).toBe(BATCH_ROWS);
      for (let i = 0; i < requests; i++, expected++) {
        const isRight =
          time_ms[i] === START_MS + expected && prompt_tokens[i] === expected && chain_length[i] === 1 + (expected % 3);
        if (!isRight) wrong++;
        for (let b = 0; b < chain_length[i]!; b++) {
          const number = chains[chain_offset[i]! + b]!;
          if ((numbers.get(expected + b) ?? number) !== number) wrong++;
          numbers.set(expected + b, number);
        }
      }
    }
    expect(wrong).toBe(0);
    expect(new Set(numbers.values()).size).toBe(numbers.size);
    expect(expected).toBe(rows);
  });

  test('refuse larger disorder and rows that sum requests', () => {
    const late = [...Array.from({ length: 3 * BATCH_ROWS }, (_, i) => request({ time_ms: START_MS + i })), request()];
    expect(() => batchesOf(late)).toThrow(InputError);
    expect(() => batchesOf(late)).toThrow(/sort the trace by time/);
    expect(() => batchesOf([request({ requests: 12 })])).toThrow(/one row for each request/);
  });
});
