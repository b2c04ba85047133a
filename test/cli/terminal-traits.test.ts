import { describe, expect, it, vi } from 'vitest';
import { terminalTable } from '../../src/cli/terminal-table.ts';
import { characterSetOf, columnsOf } from '../../src/cli/terminal-traits.ts';

describe('the character set of a terminal', () => {
  it.each([
    [{ LANG: 'en_GB.UTF-8' }, 'unicode'],
    [{ LANG: 'C.utf8', TERM: 'xterm' }, 'unicode'],
    [{}, 'unicode'],
    [{ LANG: '' }, 'unicode'],
    [{ LANG: 'C' }, 'ascii'],
    [{ LANG: 'de_DE.ISO-8859-1' }, 'ascii'],
    [{ LANG: 'en_GB.UTF-8', LC_ALL: 'POSIX' }, 'ascii'],
    [{ LANG: 'C', LC_CTYPE: 'en_GB.UTF-8' }, 'unicode'],
    [{ LANG: 'C', LC_ALL: 'en_GB.UTF-8' }, 'unicode'],
    [{ LANG: 'en_GB.UTF-8', TERM: 'dumb' }, 'ascii'],
  ])('of %j is %s', (environment, set) => expect(characterSetOf(environment)).toBe(set));
});

describe('the width of a terminal', () => {
  it.each([
    [80, { COLUMNS: '60' }, 80],
    [undefined, { COLUMNS: '60' }, 60],
    [0, {}, undefined],
    [undefined, { COLUMNS: 'wide' }, undefined],
    [undefined, {}, undefined],
  ])('with %s columns and %j is %s', (columns, environment, width) =>
    expect(columnsOf(columns, environment)).toBe(width),
  );
});

it('tables are drawn in ASCII where the terminal shows no more', async () => {
  vi.stubEnv('TERM', 'dumb');
  const table = await terminalTable(['Name', 'Cost'], ['left', 'right']);
  table.push(['直接', '$5']);
  vi.unstubAllEnvs();
  expect(table.toString().split('\n')).toEqual([
    '+------+------+',
    '| Name | Cost |',
    '+------+------+',
    '| 直接 |   $5 |',
    '+------+------+',
  ]);
});
