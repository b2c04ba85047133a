/**
 * `tollgate price check [DIR]`: the contract of a price book, then its lint. Exit code 0 if every warning is explained on its
 * card and nothing is impossible, 1 if not, 2 if the book can't be read.
 */
import type { Command } from 'commander';
import type { LintFinding } from '../pricing/lint-rules.ts';

interface Flags {
  readonly json?: true;
}

export function addPriceCheck(price: Command): void {
  price
    .command('check')
    .description('check a price book for slips of unit, swapped columns and copied prices')
    .argument('[dir]', "folder of a price book (default: the project's own)")
    .option('--json', 'print JSON')
    .action(check);
}

async function check(dir: string | undefined, flags: Flags): Promise<void> {
  const { readPriceBook } = await import('../io/read-price-book.ts');
  const { isOpen, lint } = await import('../pricing/lint.ts');
  const book = await readPriceBook(dir);
  const findings = lint(book);
  const open = findings.filter(isOpen);
  const cards = [...book.sellers.values()].reduce((total, file) => total + file.cards.length, 0);
  if (open.length > 0) process.exitCode = 1;
  const text = flags.json
    ? JSON.stringify({ cards, open: open.length, explained: findings.length - open.length, findings }, undefined, 2)
    : await inWords(cards, findings, open);
  process.stdout.write(`${text}\n`);
}

async function inWords(cards: number, findings: readonly LintFinding[], open: readonly LintFinding[]): Promise<string> {
  const [{ LINT_RULES }, { plainText }, { colours }] = await Promise.all([
    import('../pricing/lint-rules.ts'),
    import('../report/escape.ts'),
    import('./colours.ts'),
  ]);
  const pc = colours();
  const line = ({ card, rule, severity, message }: LintFinding): string =>
    `${severity === 'error' ? pc.red('error') : pc.yellow('warning')} ${pc.bold(plainText(card))}: ${plainText(message)} ${pc.dim(`[${rule}]`)}`;
  const explained = findings.filter((finding) => !open.includes(finding));
  return [
    ...open.flatMap((finding) => [line(finding), `  ${LINT_RULES[finding.rule]}`]),
    ...(explained.length === 0 ? [] : [pc.bold(`${explained.length} warnings that their cards explain`)]),
    ...explained.flatMap((finding) => [line(finding), `  explained: ${plainText(finding.explained ?? '')}`]),
    `${cards} cards: ${open.length} open findings, ${explained.length} explained`,
  ].join('\n');
}
