import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { rowTests } from '../../src/trace/adapter.ts';
import { azure2023 } from '../../src/trace/adapters/azure-2023.ts';
import { canonical } from '../../src/trace/adapters/canonical.ts';
import { ADAPTERS } from '../../src/trace/adapters/index.ts';
import { mooncake } from '../../src/trace/adapters/mooncake.ts';
import { detectFormat, duplicates, headerFindings } from '../../src/trace/detect.ts';

const csv = (...names: string[]) => ({ container: 'csv' as const, names });

test('each format is told by its own columns, in any order and case, and says why', () => {
  expect(detectFormat(csv('model', 'Output_Tokens', 'input_tokens'), 't.csv')).toEqual({
    adapter: canonical,
    reasons: ['the header has input_tokens, output_tokens'],
  });
  expect(detectFormat(csv('TIMESTAMP', 'ContextTokens', 'GeneratedTokens'), 't.csv').adapter).toBe(azure2023);
  const keys = ['timestamp', 'input_length', 'output_length', 'hash_ids'];
  expect(detectFormat({ container: 'json', names: keys }, 't.jsonl')).toEqual({
    adapter: mooncake,
    reasons: ['the first records have timestamp, input_length, output_length'],
  });
});

test('names of a JSON format do not make a CSV file one', () => {
  expect(() => detectFormat(csv('timestamp', 'input_length', 'output_length'), 't.csv')).toThrow(InputError);
});

test('an unreadable header is one error that names the closest formats and the nearest name', () => {
  expect(() => detectFormat(csv('time', 'input_token', 'output_tokens'), 't.csv')).toThrow(
    [
      't.csv: no known trace format: the header has "time", "input_token", "output_tokens".' +
        ' "input_token" is not known, "input_tokens" is.' +
        ' `tollgate trace map` proposes a mapping for a log of your own; `tollgate trace formats` lists what is read.' +
        ' Closest as CSV:',
      '  Tollgate trace: has 1 of the 2 columns that tell it, lacks input_tokens',
    ].join('\n'),
  );
});

test('an unknown column is named with the nearest known one; a second time column and a missing one are told', () => {
  expect(headerFindings(canonical, ['time', 'time_ms', 'input_tokens', 'output_tokens', 'featur'])).toEqual([
    'column "featur" is not known and is not read (did you mean "feature"?)',
    'column "time_ms" is not read, since "time" is',
  ]);
  expect(headerFindings(canonical, ['input_tokens', 'output_tokens'])).toEqual([
    'no time column: all requests stand at 1970-01-01, so rates, peaks and prices by date mean nothing',
  ]);
});

test('names that differ in case alone are duplicates', () => {
  expect(duplicates(['a', 'b', 'A', '', ''])).toEqual(['A']);
});

test('no two formats have the same name, and each reads most of the columns by which it is told', () => {
  expect(new Set(ADAPTERS.map(({ format }) => format)).size).toBe(ADAPTERS.length);
  for (const adapter of ADAPTERS) {
    const { format, detect, rules } = adapter;
    const tested = rowTests(adapter).flatMap(({ column }) => column);
    const read = new Set([...rules.flatMap(({ from }) => from), ...tested]);
    const unread = detect.filter((names) => !names.split('|').every((name) => read.has(name)));
    expect(unread.length, `${format}: ${unread}`).toBeLessThan(detect.length / 2);
  }
});
