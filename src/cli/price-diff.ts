/**
 * `tollgate price diff A B`: what changed from one price-book folder to another: cards added, cards removed, and every price
 * with its old figure, its new one and their ratio. Exit code 0 whether or not they differ.
 */
import type { Command } from 'commander';
import type { BookDiff } from '../pricing/book-diff.ts';

interface Flags {
  readonly json?: true;
}

export function addPriceDiff(price: Command): void {
  price
    .command('diff')
    .description('show what changed between two price books')
    .argument('<a>', 'folder of the old price book')
    .argument('<b>', 'folder of the new price book')
    .option('--json', 'print JSON')
    .action(diff);
}

async function diff(a: string, b: string, flags: Flags): Promise<void> {
  const { readPriceBook } = await import('../io/read-price-book.ts');
  const { diffBooks } = await import('../pricing/book-diff.ts');
  const found = diffBooks(await readPriceBook(a), await readPriceBook(b));
  process.stdout.write(`${flags.json ? JSON.stringify(found, undefined, 2) : await diffInWords(found)}\n`);
}

export async function diffInWords({ added, removed, changed }: BookDiff): Promise<string> {
  const [{ terminalTable, usd }, { plainText }, { colours }] = await Promise.all([
    import('./terminal-table.ts'),
    import('../report/escape.ts'),
    import('./colours.ts'),
  ]);
  const pc = colours();
  const table = await terminalTable(
    ['Card', 'Price', 'Old', 'New', 'New/old'],
    ['left', 'left', 'right', 'right', 'right'],
  );
  const cell = (value: number | null): string => (value === null ? 'not listed' : usd(value));
  for (const one of changed) {
    const ratio = one.ratio === null ? '' : String(Number(one.ratio.toPrecision(3)));
    table.push([plainText(one.card), plainText(one.cell), cell(one.old), cell(one.new), ratio]);
  }
  return [
    ...added.map((name) => `${pc.green('added')}   ${plainText(name)}`),
    ...removed.map((name) => `${pc.red('removed')} ${plainText(name)}`),
    ...(changed.length === 0 ? [] : [table.toString()]),
    `${added.length} cards added, ${removed.length} removed, ${changed.length} prices changed`,
  ].join('\n');
}
