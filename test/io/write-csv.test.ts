import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvText } from '../../src/io/write-csv.ts';

test('cells are quoted where they must be, and what is unknown is empty', () => {
  const rows = [
    ['name', 'value'],
    ['a,b', 1.5],
    ['say "hi"', true],
    ['two\nlines', undefined],
    [' spaced ', null],
  ];
  expect(csvText(rows)).toBe('name,value\n"a,b",1.5\n"say ""hi""",true\n"two\nlines",\n" spaced ",\n');
});

test('texts that a spreadsheet would run are made inert; numbers are not touched', () => {
  expect(csvText([['=1+1', '+1', '-1', '@x', '\tx', '\rx', -1, 'a=b', '']])).toBe(
    `'=1+1,'+1,'-1,'@x,'\tx,"'\rx",-1,a=b,\n`,
  );
  expect(csvText([['=HYPERLINK("http://x","y")']])).toBe(`"'=HYPERLINK(""http://x"",""y"")"\n`);
});

test('csv-parse reads back what was written', () => {
  const text = fc.string().filter((value) => !/^[=+\-@\t\r]/.test(value));
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text, text), { minLength: 1 }), (rows) => {
      const kept = rows.map((row) => ['x', ...row]);
      expect(parse(csvText(kept), { record_delimiter: '\n' })).toEqual(kept);
    }),
  );
});
