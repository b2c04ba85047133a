import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { InputError } from '../../src/errors.ts';
import { editedYaml, type YamlEdit } from '../../src/io/edit-yaml.ts';
import { parseYaml } from '../../src/io/read-yaml.ts';

const edit = (text: string, ...edits: YamlEdit[]): string => editedYaml(text, 'a.yaml', edits);
const at = (place: string, value: unknown, comment?: string): YamlEdit => ({
  keys: place.split('.'),
  value,
  ...(comment === undefined ? {} : { comment }),
});
const SAID = { value: '36 to 44 ms normal', source: 'measured: a, b # c', as_of: '2026-11-21' };
const FLOW = '{value: 36 to 44 ms normal, source: "measured: a, b # c", as_of: 2026-11-21}';

/** The package itself writes an empty list in block style as nothing that can be read. */
const isSound = (text: string): boolean => {
  try {
    return parseYaml(text, 'x').value !== undefined;
  } catch {
    return false;
  }
};

describe('a YAML text is edited', () => {
  it('in the place of a value alone', () => {
    const text = '# head\na: 1   # one\nb:  {c: 2,   d: 3} # two\n\n\ne: "x"\n';
    expect(edit(text, at('b.c', SAID))).toBe(text.replace('2', FLOW));
    expect(edit(text, at('a', 5))).toBe(text.replace('1', '5'));
  });

  it('in the place of a block', () => {
    const text = 'a:\n  hop:\n    value: 5 ms\n    source: me\n  # next\n  c: 1\nd: 2\n';
    expect(edit(text, at('a.hop', SAID))).toBe(`a:\n  hop: ${FLOW}\n  # next\n  c: 1\nd: 2\n`);
  });

  it('by a key that is missing in a block, a flow map, or altogether', () => {
    expect(edit('a:\n  b: 1 # b\n# later\nc: 2\n', at('a.x.y', 3))).toBe(
      'a:\n  b: 1 # b\n  x:\n    y: 3\n# later\nc: 2\n',
    );
    expect(edit('a: {b: {c: 1}} # end\n', at('a.b.x', 3))).toBe('a: {b: {c: 1, x: 3}} # end\n');
    expect(edit('a: {b: {}} # end\n', at('a.b.x.y', 3))).toBe('a: {b: {x: {y: 3}}} # end\n');
    expect(edit('a: 1', at('b.c', SAID))).toBe(`a: 1\nb:\n  c: ${FLOW}`);
    expect(edit('a:\nb: 2\n', at('a.c', 1))).toBe('a: {c: 1}\nb: 2\n');
    expect(edit('a:\n  - id: one\n    b: 1\n  - id: two\nc: 1\n', at('a.two.hop', 2))).toBe(
      'a:\n  - id: one\n    b: 1\n  - id: two\n    hop: 2\nc: 1\n',
    );
  });

  it('with a comment where the value has no place for a source', () => {
    expect(edit('a: {b: 1}\nc: 2\n', at('a.b', 2, 'from\nhere'))).toBe('a: {b: 2}  # from here\nc: 2\n');
    expect(edit('a:\n  b: 1 # old\nc: 2\n', at('a.d', true, 'new'))).toBe('a:\n  b: 1 # old\n  d: true  # new\nc: 2\n');
  });

  it('keeping line breaks of Windows, folded texts and keys with dots and slashes', () => {
    expect(edit('a: 1\r\nb:\r\n  c: 2\r\n', at('b.d', 3))).toBe('a: 1\r\nb:\r\n  c: 2\r\n  d: 3\r\n');
    const text = 'a:\n  note: >-\n    one\n    two\n\nb: 1\n';
    expect(edit(text, at('a.c', 3))).toBe('a:\n  note: >-\n    one\n    two\n  c: 3\n\nb: 1\n');
    const keys = ['replay', 'token_ratios', 'openai/gpt-4.1', 'a/b'];
    expect(parseYaml(edit('replay: {token_ratios: {}}\n', { keys, value: 1.2 }), 'x').value).toEqual({
      replay: { token_ratios: { 'openai/gpt-4.1': { 'a/b': 1.2 } } },
    });
  });

  it('or refused where that would change another place', () => {
    expect(() => edit('a: &one {b: 1}\nc: *one\n', at('c.b', 2))).toThrow(InputError);
  });

  it('in every shipped scenario, without touching a line that stands there', () => {
    const folder = path.resolve(import.meta.dirname, '../../scenarios');
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.yaml'))) {
      const text = readFileSync(path.join(folder, name), 'utf8');
      const edited = edit(text, at('gateways.openrouter.hop_latency', SAID), at('outages.error_rate', 0.01));
      const left = new Set(edited.split('\n'));
      const changed = text.split('\n').filter((line) => !left.has(line));
      expect(changed.every((line) => line.startsWith('outages: {'))).toBe(true);
      expect(edited.split('\n').length - text.split('\n').length).toBeLessThanOrEqual(5);
    }
  });

  it('to the same as a change of its plain values, in any layout without anchors', () => {
    const scalar = fc.oneof(
      fc.integer(),
      fc.boolean(),
      fc.constantFrom('plain text', 'with: colon', '# no comment', '', 'two\nlines\n', 'a "quoted" one', '- x'),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        scalar,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'c/d', 'e.f', 'long key'), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    const map = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'x-y'), tree, { minKeys: 1, maxKeys: 4 });
    const layout = fc.record({
      collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
      indent: fc.constantFrom(2, 4),
      indentSeq: fc.boolean(),
      lineWidth: fc.constantFrom(0, 30, 80),
      flowCollectionPadding: fc.boolean(),
    });
    const place = fc.array(fc.constantFrom('a', 'b', 'c', 'x-y', 'c/d', 'e.f', 'new'), { minLength: 1, maxLength: 4 });
    let edited = 0;
    fc.assert(
      fc.property(map, layout, place, fc.constantFrom<unknown>(SAID, 1, true, 'text: x'), (value, style, keys, put) => {
        const text = stringify(value, { ...style, aliasDuplicateObjects: false });
        const isInTheWay = keys.some((_, i) => {
          const at = keys
            .slice(0, i)
            .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], value);
          return Array.isArray(at) || (at !== undefined && typeof at !== 'object');
        });
        fc.pre(!isInTheWay && isSound(text));
        const out = edit(text, { keys, value: put, comment: 'why' });
        expect(
          keys.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], parseYaml(out, 'x').value),
        ).toEqual(put);
        edited++;
      }),
      { numRuns: 400 },
    );
    expect(edited).toBe(400);
  });
});
