/** The committed table tells every probe as it stands, and that this router passes it. The probes themselves: test:peers. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROBES, TRAPS } from '../peers/conformance/probes.mjs';

const FILE = path.resolve(import.meta.dirname, '../../reports/router-conformance.md');
const rows = readFileSync(FILE, 'utf8')
  .split('\n')
  .map((line) => line.split(' | '));
const rowsOf = (id: string): string[][] => rows.filter((cells) => cells[1]?.startsWith(`\`${id}\` `));

test.each(PROBES.map((probe) => [probe.id, probe] as const))(
  '%s stands in the table, and this router passes it',
  (id, { title, requires }) => {
    const found = rowsOf(id);
    expect(found, 'run npm run conformance').toHaveLength(1);
    expect(found[0]![1]).toBe(`\`${id}\` ${title}`);
    expect(found[0]![2]).toBe(requires);
    expect(found[0]![4]).toMatch(/^pass: /);
  },
);

test('there is no row of a probe that is gone', () => {
  const ids = rows.flatMap((cells) => /^`([\w-]+)` /.exec(cells[1] ?? '')?.[1] ?? []);
  expect(ids.sort()).toEqual(PROBES.map(({ id }) => id).sort());
});

test('every probe is about a trap that has a name', () => {
  for (const { trap } of PROBES) expect(TRAPS[trap]).toBeDefined();
  expect(new Set(PROBES.map(({ id }) => id)).size).toBe(PROBES.length);
});
