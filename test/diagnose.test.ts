import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { allowedKeys, diagnose, dotted } from '../src/diagnose.ts';

const schema = z.strictObject({
  name: z.string(),
  size: z.enum(['small', 'large']).optional(),
  parts: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('wheel'), spokes: z.int() }),
        z.strictObject({ kind: z.literal('frame'), weight: z.number() }),
      ]),
    )
    .default([]),
  prices: z.partialRecord(z.enum(['input', 'output']), z.number()).optional(),
  either: z.union([z.enum(['yes', 'no']), z.strictObject({ because: z.string() })]).optional(),
});

function told(input: unknown): string[] {
  const result = schema.safeParse(input);
  if (result.success) return [];
  return diagnose('X', result.error, schema, input, (path) => `at ${dotted(path)}`).map(
    ({ path, message }) => `${path}: ${message}`,
  );
}

describe('what a schema refused', () => {
  it.each<[unknown, string[]]>([
    [{ name: 'a' }, []],
    [{}, ['at name: is missing; expected string']],
    [{ name: 5 }, ['at name: found 5; expected string']],
    [{ name: 'a', size: 'smal' }, ['at size: found "smal"; allowed are small, large (did you mean "small"?)']],
    [
      { name: 'a', nmae: 'b' },
      ['at nmae: unknown key "nmae" (did you mean "name"?); allowed are name, size, parts, prices, either'],
    ],
    [
      { name: 'a', parts: [{ kind: 'wheeel', spokes: 8 }] },
      ['at parts[0].kind: found "wheeel"; allowed are wheel, frame (did you mean "wheel"?)'],
    ],
    [
      { name: 'a', parts: [{ kind: 'wheel', spokes: 8, weight: 3 }] },
      ['at parts[0].weight: unknown key "weight"; allowed are kind, spokes'],
    ],
    [
      { name: 'a', either: 'yess' },
      ['at either: found "yess"; allowed are yes, no, a value of type object (did you mean "yes"?)'],
    ],
    [
      { name: 'a', either: { becuse: 'x' } },
      [
        'at either.because: is missing; expected string',
        'at either.becuse: unknown key "becuse" (did you mean "because"?); allowed are because',
      ],
    ],
    [
      { name: 'a', prices: { inptu: 1 } },
      ['at prices.inptu: unknown key "inptu" (did you mean "input"?); allowed are input, output'],
    ],
    [{ name: 5, size: 'x' }, ['at name: found 5; expected string', 'at size: found "x"; allowed are small, large']],
  ])('%j', (input, expected) => {
    expect(told(input)).toEqual(expected);
  });

  it('is shown in part where it is long', () => {
    const [message] = told({ name: ['x'.repeat(500)] });
    expect(message!.length).toBeLessThan(130);
  });
});

it('paths are dotted, positions in brackets', () => {
  expect(dotted(['strategies', 1, 'plan'])).toBe('strategies[1].plan');
  expect(dotted([])).toBe('');
});

it('allowed keys follow the kind that the input names', () => {
  const json = z.toJSONSchema(schema, { io: 'input' }) as Parameters<typeof allowedKeys>[0];
  const input = { parts: [{ kind: 'frame' }] };
  expect(allowedKeys(json, ['parts', 0], input)).toEqual(['kind', 'weight']);
  expect(allowedKeys(json, ['prices'], input)).toEqual(['input', 'output']);
});
