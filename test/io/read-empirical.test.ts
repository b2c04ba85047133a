import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAmount } from '../../src/amount.ts';
import { InputError } from '../../src/errors.ts';
import { withMeasuredValues } from '../../src/io/read-empirical.ts';
import { parseYaml } from '../../src/io/read-yaml.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tollgate-measured-'));
  await writeFile(
    path.join(folder, 'measured.csv'),
    '\uFEFFday,hit_rate,note\r\n1,0.31,"a, b"\r\n2,,c\r\n3,0.12,d\r\n',
  );
  await writeFile(path.join(folder, 'bad.csv'), `x\n1\nabc\n3\n${'-\n'.repeat(6)}`);
  await writeFile(path.join(folder, 'blank.csv'), 'x,y\n,1\n');
  await writeFile(path.join(folder, 'empty.csv'), '');
  await writeFile(path.join(folder, 'long.csv'), `x\n${'1\n'.repeat(20_001)}`);
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (text: string): Promise<unknown> => {
  const yaml = parseYaml(text, 'scenario.yaml');
  return withMeasuredValues(yaml.value, folder, yaml.where);
};
const told = async (text: string): Promise<string[]> => {
  try {
    await read(text);
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map((d) => `${d.path}: ${d.message}`);
    throw error;
  }
  return [];
};

describe('measured values', () => {
  it('take the place of their file and column, and say where they come from', async () => {
    const found = await read('a: 3\nb: [{c: {empirical: {file: measured.csv, column: hit_rate}}}]\n');
    expect(found).toEqual({
      a: 3,
      b: [{ c: { dist: 'empirical', values: [0.31, 0.12], source: 'measured.csv, column "hit_rate", 2 values' } }],
    });
    const { c } = (found as { b: { c: Record<string, unknown> }[] }).b[0]!;
    expect(readAmount(c, '1', { min: 0, max: 1 })).toMatchObject({
      spec: { is: 'empirical', values: [0.12, 0.31] },
      source: 'measured.csv, column "hit_rate", 2 values',
    });
  });

  it('keep the unit, source and date that stand beside them', async () => {
    const text =
      'a: {empirical: {file: measured.csv, column: hit_rate, unit: s}, source: load test, as_of: 2026-10-01}';
    const found = (await read(text)) as { a: Record<string, unknown> };
    expect(found.a).toMatchObject({ unit: 's', source: 'load test', as_of: '2026-10-01' });
    expect(readAmount(found.a, 'ms', {}).central).toBeCloseTo(215, 9);
  });

  it('leave alone what is no reference', async () => {
    expect(await read('empirical: yes please\nb: {empirical: {file: 3}}')).toEqual({
      empirical: 'yes please',
      b: { empirical: { file: 3 } },
    });
  });

  it('that are no numbers are told with file and line, the first five and how many more', async () => {
    const found = await told('x:\n  y: {empirical: {file: bad.csv, column: x}}');
    expect(found).toHaveLength(6);
    expect(found[0]).toBe('scenario.yaml:2 x.y: bad.csv:3: column "x" has "abc"; expected a number');
    expect(found[5]).toBe('scenario.yaml:2 x.y: bad.csv: 2 more cells of column "x" are no numbers');
  });

  it.each([
    [
      'measured.csv',
      'hitrate',
      /measured.csv:1: has no column "hitrate" \(did you mean "hit_rate"\?\); found day, hit_rate, note/,
    ],
    ['missing.csv', 'x', /missing.csv: there is no such file/],
    ['.', 'x', /is a directory; expected a file/],
    ['blank.csv', 'x', /blank.csv: column "x" has no values/],
    ['empty.csv', 'x', /empty.csv:1: has no column "x"; is empty/],
    ['long.csv', 'x', /long.csv: column "x" has 20001 values; at most 20000 are read/],
  ])('of %s, column %s, are told as missing', async (file, column, message) => {
    const found = await told(`a: {empirical: {file: ${file}, column: ${column}}}`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^scenario.yaml:1 a: /);
    expect(found[0]).toMatch(message);
  });

  it('are told all at once', async () => {
    const text = 'a: {empirical: {file: missing.csv, column: x}}\nb: {empirical: {file: blank.csv, column: x}}';
    expect(await told(text)).toHaveLength(2);
  });
});
