/**
 * Reads the price book from its folder: `sellers/*.yaml`, `gateways/*.yaml`, `outages.yaml` and, if it is there,
 * `equivalents.yaml` (not in the digest: it changes no price).
 *
 * Everything that is wrong in any file is collected as diagnostics with file and line and thrown once. The digest is
 * taken over the content with keys in order, so that comments and formatting do not change it. It looks up no price.
 */
import { createHash } from 'node:crypto';
import { access, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as z from 'zod';
import { diagnose } from '../diagnose.ts';
import { type Diagnostic, InputError, problem } from '../errors.ts';
import { conflictsIn } from '../pricing/conflicts.ts';
import { conflictsInEquivalents, equivalentsFile } from '../pricing/equivalents.ts';
import { feeSchedule } from '../pricing/fee-schedule.ts';
import { exchangeRates } from '../pricing/fx.ts';
import { outageHistory } from '../pricing/outage-history.ts';
import { type PriceBook, priceBook } from '../pricing/price-book.ts';
import { sellerFile } from '../pricing/rate-card.ts';
import { amountsIn } from '../scenario/paths.ts';
import { byText } from '../units.ts';
import { type CompiledYaml, readCompiled, readYamlOnce } from './compiled-yaml.ts';
import type { YamlFile } from './read-yaml.ts';

/** The project's own book, beside both src/ and dist/. */
export const PRICE_BOOK_DIR = fileURLToPath(new URL('../../pricing', import.meta.url));

export async function readPriceBook(dir: string = PRICE_BOOK_DIR): Promise<PriceBook> {
  const found: Diagnostic[] = [];
  const compiled = await readCompiled();
  const [sellerFiles, gatewayFiles, outageFiles, sameFiles, fxFiles] = await Promise.all([
    readFolder(join(dir, 'sellers'), compiled, found),
    readFolder(join(dir, 'gateways'), compiled, found),
    readAll([join(dir, 'outages.yaml')], compiled, found),
    readAll(await existing(join(dir, 'equivalents.yaml')), compiled, found),
    readAll(await existing(join(dir, 'fx.yaml')), compiled, found),
  ]);
  const sellers = sellerFiles.flatMap((file) => checked(file, sellerFile, found));
  const gateways = gatewayFiles.flatMap((file) => checked(file, feeSchedule, found));
  const outages = outageFiles.flatMap((file) => checked(file, outageHistory, found));
  for (const { file, value } of sellers) {
    found.push(...misnamed(file, 'seller', value.seller));
    found.push(...conflictsIn(value).map(({ code, at, message }) => problem(code, file.where(at), message)));
  }
  for (const { file, value } of gateways) found.push(...misnamed(file, 'gateway', value.gateway));
  const names = new Set(sellers.flatMap(({ value }) => value.cards.map(({ model }) => `${value.seller}/${model}`)));
  const equivalents = sameFiles.flatMap((file) => checked(file, equivalentsFile, found));
  // A seller's file that can't be read would make its cards look missing here.
  const readAllSellers = found.length === 0;
  for (const { file, value } of readAllSellers ? equivalents : []) {
    const conflicts = conflictsInEquivalents(value, names);
    found.push(...conflicts.map(({ at, message }) => problem('PRICE_EQUIVALENTS', file.where(at), message)));
  }
  const rates = fxFiles.flatMap((file) => checked(file, exchangeRates, found));
  const history = outages[0];
  if (found.length > 0 || history === undefined) throw new InputError(found);
  const content = [...sellers, ...gateways, ...outages, ...rates].map(({ file }) => [basename(file.file), file.value]);
  return priceBook({
    sellers: sellers.map(({ value }) => value),
    gateways: gateways.map(({ value }) => value),
    outages: history.value,
    exchange_rates: { rates: rates.flatMap(({ value }) => value.rates) },
    equivalents: equivalents.flatMap(({ value }) => value.models),
    digest: createHash('sha256').update(canonical(content)).digest('hex'),
  });
}

/** The path, if the file is there: a book may do without. */
const existing = (path: string): Promise<string[]> =>
  access(path).then(
    () => [path],
    () => [],
  );

async function readFolder(dir: string, compiled: CompiledYaml, found: Diagnostic[]): Promise<YamlFile[]> {
  try {
    const names = (await readdir(dir)).filter((name) => name.endsWith('.yaml')).sort(byText);
    return await readAll(
      names.map((name) => join(dir, name)),
      compiled,
      found,
    );
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const message = 'there is no such folder; a price book has sellers/, gateways/ and outages.yaml';
    found.push(problem('PRICE_BOOK_MISSING', dir, message));
    return [];
  }
}

async function readAll(paths: readonly string[], compiled: CompiledYaml, found: Diagnostic[]): Promise<YamlFile[]> {
  const files = await Promise.all(
    paths.map((path) =>
      readYamlOnce(path, compiled).catch((error: unknown) => {
        if (!(error instanceof InputError)) throw error;
        found.push(...error.diagnostics);
        return undefined;
      }),
    ),
  );
  return files.filter((file) => file !== undefined);
}

interface Checked<T> {
  readonly file: YamlFile;
  readonly value: T;
}

function checked<S extends z.ZodType>(file: YamlFile, schema: S, found: Diagnostic[]): Checked<z.output<S>>[] {
  const result = schema.safeParse(file.value);
  if (result.success) {
    found.push(...computedAmounts(file, result.data));
    return [{ file, value: result.data }];
  }
  found.push(...diagnose('PRICE_CONTRACT', result.error, schema, file.value, file.where));
  return [];
}

/** Facts are numbers: there are no named inputs here that a formula could read. */
const computedAmounts = (file: YamlFile, value: unknown): Diagnostic[] =>
  amountsIn(value).flatMap(({ formula }) =>
    formula === undefined
      ? []
      : [
          problem(
            'PRICE_CONTRACT',
            file.file,
            `"= ${formula.text}" is a formula; only scenarios have those, write the number`,
          ),
        ],
  );

/** A file is found by its name, so the name has to be that of what it holds. */
function misnamed(file: YamlFile, key: string, id: string): Diagnostic[] {
  if (basename(file.file) === `${id}.yaml`) return [];
  return [problem('PRICE_FILE_NAME', file.where([key]), `the ${key} is "${id}"; its file is called ${id}.yaml`)];
}

/** JSON with keys in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => byText(a, b)))
      : inner,
  );
}
