/**
 * `tollgate price list`: the book as a table, one row per card, at one date. A card without a price on that date is listed
 * with its cells empty and the reason; it prints no charge.
 */
import type { Command } from 'commander';

interface Flags {
  readonly seller?: string;
  readonly at?: string;
  readonly json?: true;
}

export function addPriceList(price: Command): void {
  price
    .command('list')
    .description('list the prices of all models, or of one seller')
    .option('--seller <seller>', 'of this seller alone')
    .option('--at <date>', "date (default: the book's newest)")
    .option('--json', 'print JSON')
    .action(list);
}

export interface ListedPrice {
  readonly seller: string;
  readonly model: string;
  /** USD per million tokens; null where the card lists none on that date. */
  readonly input: number | null;
  readonly cache_read: number | null;
  readonly output: number | null;
  readonly batch_input: number | null;
  readonly as_of: string;
  readonly confidence: string;
}

async function list(flags: Flags): Promise<void> {
  const { readPriceBook } = await import('../io/read-price-book.ts');
  const { readTime } = await import('../pricing/charge.ts');
  const { periodAt } = await import('../pricing/as-of.ts');
  const { inputError } = await import('../errors.ts');
  const { didYouMean } = await import('../nearest.ts');
  const book = await readPriceBook();
  const { on } = readTime(flags.at ?? book.newest_on);
  const sellers = [...book.sellers.values()].filter(
    ({ seller }) => flags.seller === undefined || seller === flags.seller,
  );
  if (sellers.length === 0) {
    const known = [...book.sellers.keys()];
    const near = didYouMean(flags.seller ?? '', known);
    throw inputError(
      'PRICE_UNKNOWN_SELLER',
      `--seller ${flags.seller}`,
      `is no seller${near}; known are ${known.join(', ')}`,
    );
  }
  const prices = sellers.flatMap(({ seller, cards }) =>
    cards.map((card): ListedPrice => {
      const { period } = periodAt(card, on);
      const { input = null, cache_read = null, output = null } = period?.usd_per_mtok ?? {};
      const batch_input = period?.tiers.batch?.usd_per_mtok.input ?? null;
      const { model, as_of, confidence } = card;
      return { seller, model, input, cache_read, output, batch_input, as_of, confidence };
    }),
  );
  const text = flags.json ? JSON.stringify({ at: on, prices }, undefined, 2) : await inWords(on, prices);
  process.stdout.write(`${text}\n`);
}

async function inWords(on: string, prices: readonly ListedPrice[]): Promise<string> {
  const [{ terminalTable, usd }, { plainText }] = await Promise.all([
    import('./terminal-table.ts'),
    import('../report/escape.ts'),
  ]);
  const table = await terminalTable(
    ['Seller', 'Model', 'Input', 'Cache read', 'Output', 'Batch input', 'As of', 'Confidence'],
    ['left', 'left', 'right', 'right', 'right', 'right', 'left', 'left'],
  );
  for (const one of prices) {
    const cells = [one.input, one.cache_read, one.output, one.batch_input].map((cell) =>
      cell === null ? '' : usd(cell),
    );
    table.push([one.seller, plainText(one.model), ...cells, one.as_of, one.confidence]);
  }
  const none = prices.filter((one) => one.input === null && one.output === null).length;
  const left = none === 0 ? '' : `; ${none} without a price per token on that date`;
  return `${table.toString()}\n${prices.length} cards, USD per million tokens on ${on}${left}; an empty cell is not listed`;
}
