/**
 * `tollgate price import --from BOOK FILE`: prices of another project's price book, from a file that one has, shown as a diff
 * against this book. Only `--write` appends them, as periods from `--from-date` on; no figure is ever edited.
 */
import { type Command, Option } from 'commander';
import type { ImportedBook } from '../pricing/import/index.ts';
import type { ImportPlan } from '../pricing/import/plan.ts';

interface Flags {
  readonly from: ImportedBook;
  readonly seller?: string;
  readonly fromDate?: string;
  readonly book?: string;
  readonly write?: true;
  readonly json?: true;
}

/** As in src/pricing/import/index.ts, which is loaded only when it is needed; a test compares them. */
export const BOOKS: readonly ImportedBook[] = [
  'litellm',
  'models.dev',
  'openrouter',
  'genai-prices',
  'portkey',
  'llm-prices',
];

const MAX_CHARACTERS = 50_000_000;
const TOLD = 20;

export function addPriceImport(price: Command): void {
  price
    .command('import')
    .description('show what a file of another price book would change, and append it with --write')
    .argument('<file>', 'JSON or YAML file of that book')
    .addOption(new Option('--from <book>', 'whose file it is').choices(BOOKS).makeOptionMandatory())
    .option('--seller <seller>', 'of this seller alone; for files that do not say it (portkey), whose it is')
    .option('--from-date <date>', 'first day of the prices; needed with --write')
    .option('--book <dir>', "folder of the price book (default: the project's own)")
    .option('--write', 'append to the price book')
    .option('--json', 'print JSON')
    .action(importPrices);
}

async function importPrices(file: string, flags: Flags): Promise<void> {
  const { PRICE_BOOK_DIR, readPriceBook } = await import('../io/read-price-book.ts');
  const { readDocument } = await import('../io/read-document.ts');
  const { IMPORTERS } = await import('../pricing/import/index.ts');
  const { planImport } = await import('../pricing/import/plan.ts');
  const { readTime } = await import('../pricing/charge.ts');
  const { inputError } = await import('../errors.ts');
  if (flags.write && flags.fromDate === undefined)
    throw inputError('PRICE_IMPORT_DATE', '--write', 'needs --from-date, the first day on which these prices hold');
  if (flags.from === 'portkey' && flags.seller === undefined)
    throw inputError(
      'PRICE_IMPORT_SELLER',
      '--from portkey',
      'needs --seller: its files do not say whose prices they hold',
    );
  if (flags.seller !== undefined && !/^[a-z][a-z0-9-]*$/.test(flags.seller))
    throw inputError(
      'PRICE_IMPORT_SELLER',
      `--seller ${flags.seller}`,
      'is no seller; lower-case letters, digits and hyphens',
    );
  if (file.endsWith('.toml'))
    throw inputError('PRICE_IMPORT_TOML', file, 'is TOML, which is not read; take the api.json form of models.dev');
  const dir = flags.book ?? PRICE_BOOK_DIR;
  const book = await readPriceBook(dir);
  const on = readTime(flags.fromDate ?? book.newest_on).on;
  const imported = IMPORTERS[flags.from](await readDocument(file, MAX_CHARACTERS), flags.seller);
  const cards = imported.cards.filter(({ seller }) => flags.seller === undefined || seller === flags.seller);
  if (cards.length === 0)
    throw inputError('PRICE_IMPORT_EMPTY', file, `holds no price that is understood; is it a file of ${flags.from}?`);
  const plan = planImport(book, cards, on);
  const touched = plan.cards.filter(({ kind }) => kind !== 'same');
  const { basename } = await import('node:path');
  const source = `${flags.from}, ${basename(file)}`;
  const { appendedFiles, writeFiles } = await import('../io/write-price-book.ts');
  const files = flags.write ? await appendedFiles(dir, touched, { from: on, source }) : new Map<string, string>();
  const text = flags.json
    ? JSON.stringify({ from_date: on, ...plan, not_held: imported.not_held }, undefined, 2)
    : await inWords(plan, imported.not_held, on, flags.write === true);
  process.stdout.write(`${text}\n`);
  await writeFiles(files);
}

async function inWords(
  { cards, refused }: ImportPlan,
  not_held: readonly string[],
  on: string,
  isWritten: boolean,
): Promise<string> {
  const [{ diffInWords }, { plainText }] = await Promise.all([
    import('./price-diff.ts'),
    import('../report/escape.ts'),
  ]);
  const of = (kind: string) => cards.filter((card) => card.kind === kind);
  const some = (title: string, lines: readonly string[]): string[] => [
    ...lines.slice(0, TOLD).map((line) => `${title} ${plainText(line)}`),
    ...(lines.length > TOLD ? [`${title} and ${lines.length - TOLD} more; --json lists all`] : []),
  ];
  return [
    await diffInWords({
      added: of('new').map(({ seller, model }) => `${seller}/${model}`),
      removed: [],
      changed: of('changed').flatMap(({ changes }) => changes),
    }),
    ...some('not held', not_held),
    ...some('left out', refused),
    `${of('changed').length} cards differ on ${on}, ${of('new').length} are new, ${of('same').length} agree`,
    isWritten
      ? `Appended from ${on} on. Next: npx tollgate price check`
      : 'Nothing was written; --write --from-date DATE appends these as periods.',
  ].join('\n');
}
