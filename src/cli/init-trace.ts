/**
 * The files of a first scenario: a trace read for what it tells, where it and the schema lie as seen from the scenario's folder.
 * A file that can't be read is an answer that is not understood, so that it can be asked again.
 */
import path from 'node:path';
import { InputError } from '../errors.ts';
import { packagePath } from '../io/package-file.ts';
import { readMapping } from '../io/read-mapping.ts';
import { readUsage } from '../io/read-usage.ts';
import { tokensBySide } from '../meters.ts';
import { sizeEdges } from '../pricing/bands.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { Read } from '../starters/answers.ts';
import { type TraceFacts, traceFacts } from '../starters/trace-facts.ts';
import type { TraceRequest } from '../trace/request.ts';
import { isStatement } from '../usage/bill.ts';
import { createRollup, totals } from '../usage/rollup.ts';
import { showProgress } from './progress.ts';

export interface TracePlace {
  readonly scenario: string;
  readonly format: string | undefined;
  readonly mapping: string | undefined;
  /** Day of prices. */
  readonly on: string;
}

const MAP_IT = (file: string): string =>
  `A log of your own: npx tollgate trace map ${file} -o mapping.yaml, then npx tollgate init --trace ${file} --mapping mapping.yaml`;

/** Nothing for an empty answer. */
export async function readTraceFacts(
  file: string,
  place: TracePlace,
  book: PriceBook,
): Promise<Read<TraceFacts | undefined>> {
  if (file === '') return { value: undefined };
  if (file === '-') return { problem: 'a scenario names a file; save what comes over standard input first' };
  try {
    return await facts(file, place, book);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const told = error.diagnostics.map(({ path: where, message }) => `${where}: ${message}`).join('\n');
    const isUnknown = error.diagnostics.some(({ message }) => message.startsWith('no known trace format'));
    return { problem: isUnknown && place.mapping === undefined ? `${told}\n${MAP_IT(quotedForShell(file))}` : told };
  }
}

async function facts(file: string, place: TracePlace, book: PriceBook): Promise<Read<TraceFacts>> {
  const rollup = createRollup();
  let statements = 0;
  const unnamedSellers = new Set<string | undefined>();
  const see = ({ model, seller }: TraceRequest): void => {
    if (model === undefined) unnamedSellers.add(seller);
  };
  const progress = showProgress('reading traffic', false);
  const reading = await readUsage(
    file,
    {
      add: (request) => {
        if (isStatement(request)) statements++;
        else {
          see(request);
          rollup.add(request);
        }
      },
      addGrouped: (grouped) => {
        const groups = grouped.groups.filter((group) => !isStatement(group));
        groups.forEach(see);
        rollup.addGrouped({ ...grouped, groups });
      },
    },
    {
      adapters: place.mapping === undefined ? undefined : [await readMapping(place.mapping)],
      format: place.format,
      engine: 'auto',
      size_edges_tokens: sizeEdges(book),
      onProgress: progress.update,
    },
  ).finally(progress.stop);
  const usage = rollup.table();
  const used = tokensBySide(totals(usage));
  if (used.input + used.cache_read + used.cache_write + used.output === 0)
    return {
      problem: `${file}: ${statements > 0 ? 'says what was billed and not what was used; give the export of usage beside it' : 'has no request that used a token'}`,
    };
  const read = {
    path: fromFolderOf(place.scenario, file),
    format: reading.title,
    stated_format: place.format,
    mapping: place.mapping === undefined ? undefined : fromFolderOf(place.scenario, place.mapping),
    rows: reading.rows,
    unnamed_seller: unnamedSellers.size === 1 ? [...unnamedSellers][0] : undefined,
    settles: [...new Set(reading.files.flatMap(({ settles }) => settles))],
    clock: reading.clock,
  };
  return { value: traceFacts(usage, read, book, place.on) };
}

/** Absolute paths stay as they are. */
const fromFolderOf = (scenario: string, file: string): string =>
  path.isAbsolute(file) ? file : slashes(path.relative(path.dirname(path.resolve(scenario)), path.resolve(file)));

const slashes = (file: string): string => file.replaceAll('\\', '/');

/** Where an editor finds the schema from the scenario's folder: in this package, if it lies above or below, or is installed there. */
export function schemaFrom(scenario: string): string | undefined {
  const folder = path.dirname(path.resolve(scenario));
  const schema = packagePath('scenario.schema.json');
  const home = path.dirname(schema);
  const installedIn = /^(.*?)[\\/]node_modules[\\/]/.exec(home)?.[1];
  if (!isWithin(folder, installedIn ?? home)) return undefined;
  const relative = slashes(path.relative(folder, schema));
  return relative.startsWith('.') ? relative : `./${relative}`;
}

function isWithin(folder: string, parent: string): boolean {
  const relative = path.relative(parent, folder);
  return relative === '' || !(relative.startsWith('..') || path.isAbsolute(relative));
}

export const quotedForShell = (text: string): string =>
  /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
