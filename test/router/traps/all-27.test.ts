/** Every trap has a describe block of its own in this folder, and each looks at all three places. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TRAPS } from './names.ts';

interface Block {
  readonly number: number;
  readonly name: string;
  readonly text: string;
}

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts') && name !== 'all-27.test.ts');
const blocks: Block[] = files.flatMap((file) => {
  const text = readFileSync(`${import.meta.dirname}/${file}`, 'utf8');
  return text.split(/^(?=describe)/m).flatMap((part) => {
    const [, number, name] = /^describe\('trap (\d+), ([^:]+): /.exec(part) ?? [];
    return name === undefined ? [] : [{ number: Number(number), name, text: part }];
  });
});

/** Traps of the source tree, where no request is made. */
const WITHOUT_REQUESTS = new Set([27]);

describe('each of the 27 traps', () => {
  test('stands in this folder once, under its name', () => {
    const found = blocks.map(({ number, name }) => [number, name]).sort((a, b) => Number(a[0]) - Number(b[0]));
    expect(found).toEqual(Object.entries(TRAPS).map(([number, name]) => [Number(number), name]));
    expect(found).toHaveLength(27);
  });

  test.each(blocks)(
    'is held at the client, in the router’s log and metrics, and at the seller: $number, $name',
    ({ number, text }) => {
      expect(text).toMatch(/^ {2}test(\.each\(\w+\))?\(/m);
      if (WITHOUT_REQUESTS.has(number)) return;
      for (const view of [/\b(client|answers)\b/, /\brows\b/, /\bmoved\(/, /\bcalls\b/]) expect(text).toMatch(view);
    },
  );
});
