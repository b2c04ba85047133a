/**
 * Appends prices to a seller's file: text is inserted, nothing is reformatted. A period that is still open gets its last day
 * (`until`), no figure of it is changed. The new text must keep the contract before it replaces the file.
 */
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isMap, isSeq, parseDocument, stringify, type YAMLMap } from 'yaml';
import { diagnose } from '../diagnose.ts';
import { InputError, inputError, problem } from '../errors.ts';
import { conflictsIn } from '../pricing/conflicts.ts';
import type { PlannedCard } from '../pricing/import/plan.ts';
import type { PricePeriod } from '../pricing/rate-card.ts';
import { sellerFile } from '../pricing/rate-card.ts';
import { parseYaml, readText } from './read-yaml.ts';

export interface Provenance {
  readonly from: string;
  readonly source: string;
}

/** The new text of each seller's file, checked; nothing is written yet. */
export async function appendedFiles(
  dir: string,
  cards: readonly PlannedCard[],
  provenance: Provenance,
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const seller of new Set(cards.map((card) => card.seller))) {
    const file = path.join(dir, 'sellers', `${seller}.yaml`);
    const own = cards.filter((card) => card.seller === seller);
    const isNew = own.every(({ kind }) => kind === 'new');
    const text = await readText(file).catch((error: unknown) => {
      if (isNew && error instanceof InputError && error.diagnostics[0]?.code === 'FILE_MISSING')
        return `# yaml-language-server: $schema=../seller.schema.json\nseller: ${seller}\nname: ${seller}\ncards:\n`;
      throw error;
    });
    const next = own.reduce((grown, card) => append(grown, card, provenance, file), text);
    checkText(next, file);
    files.set(file, next);
  }
  return files;
}

/** Each file is replaced at once: a reader sees the old text or the new. */
export async function writeFiles(files: ReadonlyMap<string, string>): Promise<void> {
  for (const [file, text] of files) {
    const draft = `${file}.draft`;
    await writeFile(draft, text).catch((error: Error) => {
      throw inputError('FILE_UNWRITABLE', file, `can't be written: ${error.message}`);
    });
    await rename(draft, file);
  }
}

function append(text: string, card: PlannedCard, { from, source }: Provenance, file: string): string {
  if (card.kind === 'new') {
    const lines = yamlOf([
      {
        model: card.model,
        source,
        as_of: from,
        confidence: 'low',
        note: "One source, not checked against the seller's page.",
        periods: card.periods.map(plain),
      },
    ]);
    return `${text.endsWith('\n') ? text : `${text}\n`}${indented(lines, 2)}`;
  }
  const document = parseDocument(text);
  const cards = document.get('cards');
  const found = isSeq(cards) ? cards.items.find((item) => isMap(item) && item.get('model') === card.model) : undefined;
  const periods = isMap(found) ? found.get('periods') : undefined;
  const last = isSeq(periods) ? periods.items.filter(isMap).filter(isConfirmed).at(-1) : undefined;
  if (!isSeq(periods) || periods.flow || last?.range == null || last.flow || periods.range == null)
    throw inputError(
      'PRICE_APPEND',
      file,
      `${card.model}: its periods are not written one below the other; append by hand`,
    );
  const column = last.range[0] - text.lastIndexOf('\n', last.range[0]) - 1;
  const end = text.slice(0, periods.range[1]).trimEnd().length;
  const item = indented(
    yamlOf(card.periods.map((period) => ({ ...plain(period), note: `From ${source}.` }))),
    column - 2,
  ).trimEnd();
  const grown = `${text.slice(0, end)}\n${item}${text.slice(end)}`;
  if (last.has('until')) return grown;
  return `${grown.slice(0, last.range[0])}until: ${from}\n${' '.repeat(column)}${grown.slice(last.range[0])}`;
}

const isConfirmed = (period: YAMLMap): boolean => (period.get('status') ?? 'confirmed') === 'confirmed';

/** Without what the contract filled in. */
const plain = (period: PricePeriod): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(period).filter(
      ([key, value]) =>
        value !== undefined &&
        !(key === 'status' && value === 'confirmed') &&
        !(Array.isArray(value) && value.length === 0) &&
        !(key !== 'usd_per_mtok' && typeof value === 'object' && Object.keys(value).length === 0),
    ),
  );

const yamlOf = (value: unknown): string => stringify(value, { lineWidth: 118 });

const indented = (text: string, spaces: number): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? line : `${' '.repeat(spaces)}${line}`))
    .join('\n');

function checkText(text: string, file: string): void {
  const yaml = parseYaml(text, file);
  const result = sellerFile.safeParse(yaml.value);
  if (!result.success)
    throw new InputError(diagnose('PRICE_CONTRACT', result.error, sellerFile, yaml.value, yaml.where));
  const conflicts = conflictsIn(result.data);
  if (conflicts.length > 0)
    throw new InputError(conflicts.map(({ code, at, message }) => problem(code, yaml.where(at), message)));
}
