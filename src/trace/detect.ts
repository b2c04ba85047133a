/**
 * Which format a file has, and in which dialect, and why: the format with the most of its own columns there, then the first
 * dialect that a sample of rows gives away.
 *
 * An unreadable header is one InputError that lists what is accepted. Formats are told by names, dialects by values.
 */
import { InputError, inputError, problem } from '../errors.ts';
import { didYouMean, nearest } from '../nearest.ts';
import { type Adapter, bindColumns, type Container, columnKey } from './adapter.ts';
import { ADAPTERS } from './adapters/index.ts';

export interface Detected {
  readonly adapter: Adapter;
  /** Sentences for people. */
  readonly reasons: readonly string[];
}

/** What a file is, and its column names: CSV header fields, or the keys of its first JSON objects. */
export interface Layout {
  readonly container: Container;
  readonly names: readonly string[];
}

export interface DetectOptions {
  readonly adapters?: readonly Adapter[];
  /** The format's name, where a person says it: no guess is made. */
  readonly format?: string | undefined;
}

/** The format of a file; `file` is for the message alone. */
export function detectFormat(
  layout: Layout,
  file: string,
  { adapters = ADAPTERS, format }: DetectOptions = {},
): Detected {
  if (format !== undefined) return { adapter: named(format, layout, file, adapters), reasons: ['you said so'] };
  const names = new Set(layout.names.map(columnKey));
  const fitting = adapters
    .filter(
      ({ containers, detect }) => containers.includes(layout.container) && missingFrom(names, detect).length === 0,
    )
    .sort(
      (a, b) =>
        b.detect.length - a.detect.length ||
        bindColumns(b, layout.names).columns.length - bindColumns(a, layout.names).columns.length,
    );
  const adapter = fitting[0];
  if (adapter === undefined) throw unreadable(layout, file, adapters);
  const found = layout.container === 'json' ? 'the first records have' : 'the header has';
  const own = adapter.detect.map((one) => one.split('|').find((name) => names.has(columnKey(name)))!);
  return { adapter, reasons: [`${found} ${own.join(', ')}`] };
}

/** The detected adapter in the dialect that these rows are written in; a row gives its cells by column name. */
export function settleDialect(
  { adapter, reasons }: Detected,
  sample: readonly ((column: string) => unknown)[],
): Detected {
  const plain = sample.map((cell) => (column: string) => {
    const value = cell(column);
    return typeof value === 'object' ? undefined : value;
  });
  const dialect = adapter.dialects?.find(({ tells }) => plain.some(tells));
  return dialect === undefined
    ? { adapter, reasons }
    : { adapter: { ...adapter, ...dialect.change }, reasons: [...reasons, dialect.reason] };
}

const missingFrom = (names: ReadonlySet<string>, detect: readonly string[]): string[] =>
  detect.filter((one) => !one.split('|').some((name) => names.has(columnKey(name))));

function named(format: string, layout: Layout, file: string, adapters: readonly Adapter[]): Adapter {
  const adapter = adapters.find((one) => one.format === format);
  const known = adapters.map((one) => one.format);
  if (adapter === undefined)
    throw inputError(
      'TRACE_FORMAT',
      '--format',
      `"${format}" is no trace format${likeFormat(format, known)}; there are ${known.join(', ')}`,
    );
  if (!adapter.containers.includes(layout.container))
    throw inputError(
      'TRACE_FORMAT',
      file,
      `${adapter.title} comes as ${adapter.containers.map((one) => CONTAINER_WORDS[one]).join(' or ')}, and this is ${CONTAINER_WORDS[layout.container]}`,
    );
  const missing = missingFrom(new Set(layout.names.map(columnKey)), adapter.detect);
  if (missing.length > 0)
    throw inputError(
      'TRACE_HEADER',
      file,
      `${adapter.title} needs ${missing.map((one) => one.replaceAll('|', ' or ')).join(', ')}; there are ${shownNames(layout)}`,
    );
  return adapter;
}

/** The nearest name, or those that start alike: "litelm" is most likely one of LiteLLM's. */
function likeFormat(format: string, known: readonly string[]): string {
  const near = didYouMean(format, known, 1);
  const alike = known.filter((name) => nearest(format, name.split('-').slice(0, 1), 1).length > 0);
  return near !== '' || alike.length === 0 ? near : ` (did you mean ${alike.map((name) => `"${name}"`).join(' or ')}?)`;
}

const CONTAINER_WORDS: Readonly<Record<Container, string>> = { csv: 'CSV', json: 'JSON', parquet: 'Parquet' };

const shownNames = ({ names }: Layout): string => {
  const shown = names.slice(0, 20).map((name) => `"${name.slice(0, 60)}"`);
  const more = names.length > 20 ? ` and ${names.length - 20} more` : '';
  return `${shown.join(', ') || 'no columns'}${more}`;
};

function unreadable(first: Layout, file: string, adapters: readonly Adapter[]): InputError {
  const own = adapters.length === 1 ? adapters[0]! : undefined;
  if (own?.format === 'mapping') {
    const missing = missingFrom(new Set(first.names.map(columnKey)), own.detect);
    return new InputError(
      missing.map((name) =>
        problem(
          'TRACE_MAPPING',
          file,
          `the mapping names column "${name}", which is not there${didYouMean(name, first.names, 1)}; there are ${shownNames(first)}`,
        ),
      ),
    );
  }
  const closest = closestTo(first, adapters);
  const what = first.container === 'json' ? 'records have' : 'header has';
  const lines = closest.map(({ adapter, missing, present }) =>
    present === 0
      ? `\n  ${adapter.title}: needs ${inWords(missing)}`
      : `\n  ${adapter.title}: has ${present} of the ${adapter.detect.length} columns that tell it, lacks ${inWords(missing)}`,
  );
  return inputError(
    'TRACE_HEADER',
    file,
    `no known trace format: the ${what} ${shownNames(first)}.${hint(first, closest)}` +
      ` \`tollgate trace map\` proposes a mapping for a log of your own; \`tollgate trace formats\` lists what is read. Closest as ${CONTAINER_WORDS[first.container]}:${lines.join('')}`,
  );
}

interface Closest {
  readonly adapter: Adapter;
  readonly present: number;
  readonly missing: readonly string[];
}

const SHOWN_FORMATS = 3;

const inWords = (columns: readonly string[]): string => columns.join(', ').replaceAll('|', ' or ');

/** Formats by the share of their columns that are there; the first of the list where none has any. */
function closestTo(first: Layout, adapters: readonly Adapter[]): Closest[] {
  const names = new Set(first.names.map(columnKey));
  const all = adapters
    .filter(({ containers }) => containers.includes(first.container))
    .map((adapter) => {
      const missing = missingFrom(names, adapter.detect);
      return { adapter, missing, present: adapter.detect.length - missing.length };
    });
  const share = ({ present, adapter }: Closest): number => present / adapter.detect.length;
  const some = all.filter(({ present }) => present > 0).sort((a, b) => share(b) - share(a));
  const near = some.filter((one, i) => i === 0 || share(one) >= 0.4);
  return some.length > 0 ? near.slice(0, SHOWN_FORMATS) : all.slice(0, 1);
}

/** Names that are nearly one that a close format lacks. */
function hint(first: Layout, closest: readonly Closest[]): string {
  const needed = closest.flatMap(({ missing }) => missing.flatMap((one) => one.split('|')));
  const known = new Set(
    closest.flatMap(({ adapter }) => adapter.rules.flatMap(({ from }) => from)).map((name) => columnKey(name)),
  );
  const near = first.names
    .filter((name) => name.length > 2 && !known.has(columnKey(name)))
    .flatMap((name) => nearest(name, needed, 1).map((meant) => `"${name}" is not known, "${meant}" is`));
  return near.length === 0 ? '' : ` ${near.slice(0, 3).join('; ')}.`;
}

/** What a header has that is not read: texts for warnings. */
export function headerFindings(adapter: Adapter, header: readonly string[]): string[] {
  const { columns, unknown, passed_over } = bindColumns(adapter, header);
  const known = adapter.rules.flatMap(({ from }) => from);
  const fields = new Map(columns.map(({ rule, name }) => [rule.field, name]));
  const timed = fields.has('time_ms') || adapter.constants?.time_ms !== undefined;
  const findings = adapter.warns_of_unknown_columns
    ? unknown.map((name) => `column "${name}" is not known and is not read${didYouMean(name, known, 1)}`)
    : [];
  for (const name of passed_over) {
    const rule = adapter.rules.find(({ from }) => from.some((other) => columnKey(other) === columnKey(name)))!;
    findings.push(`column "${name}" is not read, since "${fields.get(rule.field)}" is`);
  }
  if (!timed)
    findings.push('no time column: all requests stand at 1970-01-01, so rates, peaks and prices by date mean nothing');
  return findings;
}

/** Names that occur twice, without regard to case. */
export const duplicates = (header: readonly string[]): string[] =>
  header.filter((name, index) => name !== '' && header.map(columnKey).indexOf(columnKey(name)) !== index);
