import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal, edited, withNumber } from '../../src/router/json-edit.ts';
import { jsonShape } from '../../src/router/json-text.ts';
import { textOfWire, wireOf, wireOfText } from '../../src/router/wire-text.ts';

const textOf = (wire: string | undefined) => (wire === undefined ? undefined : textOfWire(wire));
const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());
const spaced = (value: unknown): string => JSON.stringify(value, undefined, 2);

describe('where the members of an object stand', () => {
  test('every member is found with the text of its value, whatever it holds', () => {
    fc.assert(
      fc.property(object, fc.boolean(), (value, isSpaced) => {
        const text = isSpaced ? spaced(value) : JSON.stringify(value);
        const found = jsonShape(wireOfText(text)).members.map(({ key, start, end }) => [
          key,
          JSON.parse(textOfWire(wireOfText(text).slice(start, end))) as unknown,
        ]);
        expect(found).toEqual(Object.entries(JSON.parse(text) as object));
      }),
    );
  });

  test('brackets and quotes in texts are no structure', () => {
    const text = '{"a":"}{\\"[","b\\\\":{"model":"no"},"model" : "yes"}';
    const { members, depth } = jsonShape(wireOfText(text));
    expect(members.map(({ key }) => key)).toEqual(['a', 'b\\', 'model']);
    expect(depth).toBe(2);
  });

  test('what is no JSON does no harm', () => {
    fc.assert(fc.property(fc.string(), (text) => void jsonShape(wireOfText(text))));
    fc.assert(fc.property(fc.uint8Array(), (any) => void jsonShape(wireOf(Buffer.from(any)))));
  });
});

describe('replacing', () => {
  test('one value leaves all other bytes as they were', () => {
    const text = '{ "x" : 1.50e3 , "model":"a", "y":[ 1 ] }\n';
    const at = jsonShape(wireOfText(text)).members.find(({ key }) => key === 'model')!;
    expect(edited(text, [{ ...at, text: '"b"' }])).toBe(text.replace('"a"', '"b"'));
  });

  test('a number is put into an object once, and nowhere else', () => {
    const put = (text: string): string | undefined => withNumber(text, 'usage', 'cost', 0.5);
    expect(put('{"usage":{ "a" : 1 } }')).toBe('{"usage":{ "a" : 1,"cost":0.5 } }');
    expect(put('{"usage":{}}')).toBe('{"usage":{"cost":0.5}}');
    expect(put('{"usage":{"cost":1}}')).toBeUndefined();
    expect(put('{"usage":null}')).toBeUndefined();
    expect(put('{"x":{"usage":{}}}')).toBeUndefined();
  });

  test('the object is the last one of its name at the top, whatever is called the same', () => {
    const put = (text: string): string | undefined => withNumber(text, 'usage', 'cost', 1);
    expect(put('{"usage":{"a":1},"x":{"usage":{}}}')).toBe('{"usage":{"a":1,"cost":1},"x":{"usage":{}}}');
    expect(put('{"usage":{"a":1},"x":"\\"usage\\":{}"}')).toBe('{"usage":{"a":1,"cost":1},"x":"\\"usage\\":{}"}');
    expect(put('{"usage":{},"usage":{"b":"}"},"y":["{"]}')).toBe('{"usage":{},"usage":{"b":"}","cost":1},"y":["{"]}');
    expect(put('{"us\\u0061ge":{}}')).toBe('{"us\\u0061ge":{"cost":1}}');
    expect(put('{"usage":{"usage":{}}}')).toBe('{"usage":{"usage":{},"cost":1}}');
    expect(put('{"x":[{"usage":{}}],"y":"usage"}')).toBeUndefined();
  });

  test('it is the object that readers of the JSON see, which has one number more', () => {
    const named = fc.constantFrom('usage', 'cost', 'a', '}"');
    const { tree } = fc.letrec((again) => ({
      tree: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        fc.constantFrom<unknown>(1, 'usage', '"usage":{', null),
        fc.dictionary(named, again('tree')),
        fc.array(again('tree'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(named, tree, { maxKeys: 4 }), fc.boolean(), (value, isSpaced) => {
        const text = isSpaced ? spaced(value) : JSON.stringify(value);
        const { usage } = value;
        const takesOne = typeof usage === 'object' && usage !== null && !Array.isArray(usage) && !('cost' in usage);
        const put = textOf(withNumber(wireOfText(text), 'usage', 'cost', 7));
        expect(put === undefined ? undefined : JSON.parse(put)).toEqual(
          takesOne ? { ...value, usage: { ...usage, cost: 7 } } : undefined,
        );
      }),
    );
  });

  test('small amounts have no exponent', () => {
    expect([0, 100, 0.0048000000000000004, 1.5e-7, 0.1 + 0.2].map(decimal)).toEqual([
      '0',
      '100',
      '0.0048',
      '0.00000015',
      '0.3',
    ]);
  });
});
