/**
 * The bundled library of claims: every statement of the ledger has a verdict, the words that stand about it are those that are
 * computed, and the working that is told adds up. Judges some sixty runs: minutes on a busy machine.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Ledger, ledgerContract } from '../../src/ledger/contract.ts';
import { VERDICTS } from '../../src/ledger/words.ts';
import { workingsOf } from '../../src/ledger/workings.ts';
import { evaluateWithMathjs } from '../mathjs-reference.ts';
import { judgedLibrary, LIBRARY } from './judged-library.ts';

const NUMBERS = Array.from({ length: 28 }, (_, i) => `C${i + 1}`);
/** Paragraphs of scenarios/claims/README.md by number. */
const PARAGRAPHS = new Map(
  readFileSync(path.join(LIBRARY, 'claims/README.md'), 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((text): [string, string] => [text.split(/\s/)[0]!, text]),
);

let ledger: Ledger;
beforeAll(async () => {
  ledger = await judgedLibrary();
}, 600_000);

const close = (a: number, b: number): void =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(a), Math.abs(b)));
const at = (series: number | number[], month: number): number => (typeof series === 'number' ? series : series[month]!);

describe('the library of claims', () => {
  it('has no scenario that can’t be judged, and keeps its contract', () => {
    expect(ledger.problems).toEqual([]);
    expect(ledgerContract.safeParse(JSON.parse(JSON.stringify(ledger))).error).toBeUndefined();
  });

  it('has a verdict for each of the 28 statements', () => {
    const found = ledger.statements.flatMap(({ number }) => number ?? []);
    expect(NUMBERS.filter((number) => !found.includes(number))).toEqual([]);
    expect(ledger.statements.filter(({ number, verdict }) => number !== null && verdict === 'unknown')).toEqual([]);
    expect(ledger.claims.filter(({ of, verdict }) => of !== null && verdict === 'unknown').map(({ id }) => id)).toEqual(
      [],
    );
  });

  it('says of every verdict why it is so', () => {
    expect(ledger.claims.filter(({ of, because }) => of !== null && because === null).map(({ id }) => id)).toEqual([]);
  });

  it.each(NUMBERS)('tells the verdict of %s in words as it is computed', (number) => {
    const statement = ledger.statements.find((one) => one.number === number);
    const said = /\*\*(Holds where|Holds|Fails|Unknown)/.exec(PARAGRAPHS.get(number) ?? '')?.[1];
    expect(said, `paragraph of ${number}`).toBe(statement && VERDICTS[statement.verdict]);
  });

  it('adds up: parts to figures, lines to accounts, amounts to lines', () => {
    let sums = 0;
    for (const claim of ledger.claims) {
      for (const working of workingsOf(claim, ledger.runs[claim.run]!)) {
        if (working.is !== 'sum' || typeof working.figure.value !== 'number') continue;
        sums++;
        close(
          working.parts.reduce((sum, { usd }) => sum + usd, 0),
          working.figure.value,
        );
      }
    }
    expect(sums).toBeGreaterThan(50);
    for (const { accounts, ranking, discount_factors } of ledger.runs)
      for (const account of accounts) {
        close(account.npv_usd, ranking.find(({ strategy }) => strategy === account.strategy)!.npv_usd!);
        for (const { timing, months, amounts_usd, total_usd, npv_usd } of account.lines) {
          const count = timing === 'start' ? 1 : months.until - months.from;
          const amounts = Array.from({ length: count }, (_, month) => at(amounts_usd, month));
          close(
            amounts.reduce((sum, amount) => sum + amount, 0),
            total_usd,
          );
          const factor = (month: number): number => (month < 0 ? 1 : discount_factors[month]!);
          const first = timing === 'start' ? months.from - 1 : months.from;
          close(
            amounts.reduce((sum, amount, i) => sum + amount * factor(first + i), 0),
            npv_usd,
          );
        }
      }
  });

  it('gives with every formula the values from which mathjs computes the amount that is told', () => {
    let lines = 0;
    for (const { accounts } of ledger.runs)
      for (const { formula, inputs, amounts_usd } of accounts.flatMap((account) => account.lines)) {
        const values = Object.entries(inputs).map(([name, { value }]) => [name, at(value, 0)]);
        const found = evaluateWithMathjs(formula, Object.fromEntries(values)) as number;
        expect(Math.abs(found - at(amounts_usd, 0)), formula).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(found)));
        lines++;
      }
    expect(lines).toBeGreaterThan(500);
  });
});
