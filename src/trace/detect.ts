/**
 * Which format a file has, from its header or first line, and why: the format with the most of its own columns there.
 *
 * An unreadable header is one InputError that lists what is accepted. No content is guessed at: names decide.
 */
import { type InputError, inputError } from '../errors.ts';
import { didYouMean, nearest } from '../nearest.ts';
import { type Adapter, bindColumns, columnKey } from './adapter.ts';
import { azure2023 } from './adapters/azure-2023.ts';
import { canonical } from './adapters/canonical.ts';
import { mooncake } from './adapters/mooncake.ts';

/** All formats that are read. A new one is a file in adapters/ and a line here. */
export const ADAPTERS: readonly Adapter[] = [canonical, azure2023, mooncake];

export interface Detected {
  readonly adapter: Adapter;
  /** Sentences for people. */
  readonly reasons: readonly string[];
}

/** Column names of the first line: CSV header fields, or the keys of the first JSON object. */
export interface FirstLine {
  readonly container: Adapter['container'];
  readonly names: readonly string[];
}

/** The format of a file; `file` is for the message alone. */
export function detectFormat(first: FirstLine, file: string, adapters: readonly Adapter[] = ADAPTERS): Detected {
  const names = new Set(first.names.map(columnKey));
  const fitting = adapters
    .filter(
      ({ container, detect }) => container === first.container && detect.every((name) => names.has(columnKey(name))),
    )
    .sort((a, b) => b.detect.length - a.detect.length);
  const adapter = fitting[0];
  if (adapter === undefined) throw unreadable(first, file, adapters);
  const found = first.container === 'csv' ? 'the header has' : 'the first line has';
  return { adapter, reasons: [`${found} ${adapter.detect.join(', ')}`] };
}

function unreadable(first: FirstLine, file: string, adapters: readonly Adapter[]): InputError {
  const accepted = adapters.map(({ title, detect }) => `\n  ${title}: needs ${detect.join(', ')}`).join('');
  const what = first.container === 'csv' ? 'header' : 'first line';
  const shown = first.names.slice(0, 20).map((name) => `"${name.slice(0, 60)}"`);
  const more = first.names.length > 20 ? ` and ${first.names.length - 20} more` : '';
  return inputError(
    'TRACE_HEADER',
    file,
    `no known trace format: the ${what} has ${shown.join(', ') || 'no columns'}${more}.${hint(first, adapters)} Accepted:${accepted}`,
  );
}

function hint(first: FirstLine, adapters: readonly Adapter[]): string {
  const only = first.names.length === 1 ? first.names[0]! : '';
  for (const [mark, name] of [
    [';', 'semicolons'],
    ['\t', 'tabs'],
  ] as const)
    if (only.includes(mark)) return ` Columns seem to be separated by ${name}; commas are needed.`;
  const candidates = adapters.filter(({ container }) => container === first.container);
  const needed = candidates.flatMap(({ detect }) => detect);
  const known = new Set(candidates.flatMap(({ rules }) => rules.flatMap(({ from }) => from.map(columnKey))));
  const near = first.names
    .filter((name) => name !== '' && !known.has(columnKey(name)))
    .flatMap((name) => nearest(name, needed, 1).map((meant) => `"${name}" is not known, "${meant}" is`));
  return near.length === 0 ? '' : ` ${near.slice(0, 3).join('; ')}.`;
}

/** What a header has that is not read: texts for warnings. */
export function headerFindings(adapter: Adapter, header: readonly string[]): string[] {
  const { columns, unknown, passed_over } = bindColumns(adapter, header);
  const known = adapter.rules.flatMap(({ from }) => from);
  const fields = new Map(columns.map(({ rule, name }) => [rule.field, name]));
  const findings = adapter.warns_of_unknown_columns
    ? unknown.map((name) => `column "${name}" is not known and is not read${didYouMean(name, known, 1)}`)
    : [];
  for (const name of passed_over) {
    const rule = adapter.rules.find(({ from }) => from.some((other) => columnKey(other) === columnKey(name)))!;
    findings.push(`column "${name}" is not read, since "${fields.get(rule.field)}" is`);
  }
  if (!fields.has('time_ms'))
    findings.push('no time column: all requests stand at 1970-01-01, so rates, peaks and prices by date mean nothing');
  return findings;
}

/** Names that occur twice, without regard to case. */
export const duplicates = (header: readonly string[]): string[] =>
  header.filter((name, index) => name !== '' && header.map(columnKey).indexOf(columnKey(name)) !== index);
