/** Tables for a terminal in the house's one style, in ASCII where it shows no more, and amounts as they stand in them. */
import { colours } from './colours.ts';
import { terminalTraits } from './terminal-traits.ts';

export type Alignment = 'left' | 'right';

const CROSSES = [
  'top-mid',
  'top-left',
  'top-right',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left-mid',
  'mid-mid',
  'right-mid',
];
const ASCII = {
  ...{ top: '-', bottom: '-', mid: '-', left: '|', right: '|', middle: '|' },
  ...Object.fromEntries(CROSSES.map((place) => [place, '+'])),
};

export async function terminalTable(head: readonly string[], colAligns: readonly Alignment[]) {
  const { default: Table } = await import('cli-table3');
  const pc = colours();
  return new Table({
    head: head.map((name) => pc.bold(name)),
    colAligns: [...colAligns],
    style: { head: [], border: [], compact: true },
    ...(terminalTraits().characters === 'ascii' ? { chars: ASCII } : {}),
  });
}

/** Twelve significant digits hide the noise of binary fractions and nothing else. */
export const usd = (value: number): string => String(Number(value.toPrecision(12)));

/** Whole cents with thousands apart: 1,234.50. */
export const cents = (value: number): string =>
  value.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Whole cents, or three significant digits where cents would say nothing. */
export const usdShort = (value: number): string =>
  Math.abs(value) > 1e-9 && Math.abs(value) < 1 ? String(Number(value.toPrecision(3))) : cents(value);
