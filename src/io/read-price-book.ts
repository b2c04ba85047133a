/**
 * Reads the price book from its folder: `sellers/*.yaml`, `gateways/*.yaml` and `outages.yaml`.
 *
 * Everything that is wrong in any file is collected as diagnostics with file and line and thrown once. The digest is
 * taken over the content with keys in order, so that comments and formatting do not change it. It looks up no price.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMap, isNode, LineCounter, parse, parseDocument, YAMLParseError } from 'yaml';
import type * as z from 'zod';
import { type Diagnostic, InputError, problem } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { conflictsIn } from '../pricing/conflicts.ts';
import { feeSchedule } from '../pricing/fee-schedule.ts';
import { outageHistory } from '../pricing/outage-history.ts';
import { type PriceBook, priceBook } from '../pricing/price-book.ts';
import { sellerFile } from '../pricing/rate-card.ts';
import { byText } from '../units.ts';

/** The project's own book, beside both src/ and dist/. */
export const PRICE_BOOK_DIR = fileURLToPath(new URL('../../pricing', import.meta.url));

export async function readPriceBook(dir: string = PRICE_BOOK_DIR): Promise<PriceBook> {
  const found: Diagnostic[] = [];
  const [sellerPaths, gatewayPaths] = await Promise.all([
    yamlFiles(join(dir, 'sellers'), found),
    yamlFiles(join(dir, 'gateways'), found),
  ]);
  const [sellerTexts, gatewayTexts, outageTexts] = await Promise.all([
    readAll(sellerPaths, found),
    readAll(gatewayPaths, found),
    readAll([join(dir, 'outages.yaml')], found),
  ]);
  const sellers = sellerTexts.flatMap((file) => checked(file, sellerFile, found));
  const gateways = gatewayTexts.flatMap((file) => checked(file, feeSchedule, found));
  const outages = outageTexts.flatMap((file) => checked(file, outageHistory, found));
  for (const { file, value } of sellers) {
    for (const { code, at, message } of conflictsIn(value)) found.push(problem(code, lineOf(file, at), message));
    if (`${value.seller}.yaml` !== basename(file.path)) {
      const message = `the seller is "${value.seller}"; its file is called ${value.seller}.yaml`;
      found.push(problem('PRICE_FILE_NAME', lineOf(file, ['seller']), message));
    }
  }
  for (const { file, value } of gateways) {
    if (`${value.gateway}.yaml` !== basename(file.path)) {
      const message = `the gateway is "${value.gateway}"; its file is called ${value.gateway}.yaml`;
      found.push(problem('PRICE_FILE_NAME', lineOf(file, ['gateway']), message));
    }
  }
  const history = outages[0];
  if (found.length > 0 || history === undefined) throw new InputError(found);
  const content = [...sellers, ...gateways, ...outages].map(({ file, raw }) => [basename(file.path), raw]);
  return priceBook({
    sellers: sellers.map(({ value }) => value),
    gateways: gateways.map(({ value }) => value),
    outages: history.value,
    digest: createHash('sha256').update(canonical(content)).digest('hex'),
  });
}

interface TextFile {
  readonly path: string;
  readonly text: string;
}

async function yamlFiles(dir: string, found: Diagnostic[]): Promise<string[]> {
  try {
    const names = (await readdir(dir)).filter((name) => name.endsWith('.yaml'));
    return names.sort(byText).map((name) => join(dir, name));
  } catch {
    found.push(
      problem('PRICE_BOOK_MISSING', dir, 'the folder cannot be read; a price book has sellers/ and gateways/'),
    );
    return [];
  }
}

async function readAll(paths: readonly string[], found: Diagnostic[]): Promise<TextFile[]> {
  const files = await Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(path, 'utf8').catch(() => undefined) })),
  );
  return files.flatMap(({ path, text }) => {
    if (text !== undefined) return [{ path, text }];
    found.push(problem('PRICE_BOOK_MISSING', path, 'the file cannot be read'));
    return [];
  });
}

interface Checked<T> {
  readonly file: TextFile;
  readonly raw: unknown;
  readonly value: T;
}

function checked<S extends z.ZodType>(file: TextFile, schema: S, found: Diagnostic[]): Checked<z.output<S>>[] {
  let raw: unknown;
  try {
    raw = parse(file.text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    for (const one of parseDocument(file.text).errors) {
      const place = `${file.path}:${one.linePos?.[0].line ?? 1}`;
      found.push(problem('PRICE_YAML', place, one.message.split('\n')[0] ?? one.message));
    }
    return [];
  }
  const result = schema.safeParse(raw);
  if (result.success) return [{ file, raw, value: result.data }];
  for (const issue of result.error.issues) {
    const at = issue.path.filter((key) => typeof key !== 'symbol');
    const isKey = issue.code === 'unrecognized_keys' && issue.keys[0] !== undefined;
    const place = lineOf(file, isKey ? [...at, issue.keys[0] as string] : at);
    const where = at.length === 0 ? '' : `${at.join('.')}: `;
    found.push(problem('PRICE_CONTRACT', place, `${where}${issue.message}${hint(issue, schema, at)}`));
  }
  return [];
}

/** For a key that does not exist, the nearest of those allowed beside it. */
function hint(issue: z.core.$ZodIssue, schema: z.ZodType, at: readonly (string | number)[]): string {
  if (issue.code !== 'unrecognized_keys') return '';
  const names = allowedKeys(schema, at);
  return issue.keys.map((key) => didYouMean(key, names)).join('');
}

/** The keys of the object that stands at a path of a contract. */
function allowedKeys(schema: unknown, at: readonly (string | number)[]): string[] {
  const inner = unwrapped(schema);
  const [key, ...rest] = at;
  if (key === undefined) return Object.keys(inner.shape ?? {});
  return allowedKeys(inner.shape?.[key] ?? inner.element ?? inner.valueType, rest);
}

type Contract = { shape?: Record<string, unknown>; element?: unknown; valueType?: unknown; unwrap?: () => unknown };

function unwrapped(schema: unknown): Contract {
  let inner = (schema ?? {}) as Contract;
  while (inner.unwrap !== undefined && inner.element === undefined) inner = inner.unwrap() as Contract;
  return inner;
}

/** `file:line` of a path in a file; of the nearest enclosing entry where the path itself is absent. */
function lineOf(file: TextFile, at: readonly (string | number)[]): string {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines });
  for (let depth = at.length; depth >= 0; depth -= 1) {
    const offset = offsetOf(document, at.slice(0, depth));
    if (offset !== undefined) return `${file.path}:${lines.linePos(offset).line}`;
  }
  return `${file.path}:1`;
}

/** Where an entry starts: at its key, if it has one. */
function offsetOf(document: ReturnType<typeof parseDocument>, at: readonly (string | number)[]): number | undefined {
  const parent = at.length === 0 ? undefined : document.getIn(at.slice(0, -1), true);
  const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(at.at(-1))) : undefined;
  const node = isNode(pair?.key) ? pair.key : document.getIn(at, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

/** JSON with keys in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => byText(a, b)))
      : inner,
  );
}
