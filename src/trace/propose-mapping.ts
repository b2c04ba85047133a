/**
 * Proposes how the columns of an unknown log are read, from their names and a sample of their values: for each field the
 * column whose name says it best and whose values fit. What it could not tell is a doubt, for a person to settle.
 *
 * It reads no file and asks nobody. A name alone never decides: values that do not fit rule a column out.
 */
import { withPoint } from './comma-cast.ts';
import type { TraceMapping } from './mapping.ts';
import { GUESSES, type MappedField, TOKENS, wordsOf } from './mapping-guesses.ts';

export interface ProposedField {
  readonly field: MappedField;
  readonly column: string;
  readonly unit: string | undefined;
  /** Completes "input_tokens <- prompt_tokens, since ...". */
  readonly reason: string;
}

export interface MappingProposal {
  readonly fields: readonly ProposedField[];
  readonly input_includes: TraceMapping['input_includes'];
  readonly output_includes: TraceMapping['output_includes'];
  /** Numbers are written `1.234,5`. */
  readonly decimal_comma?: true;
  /** What was assumed without proof, or could not be told: sentences for people. */
  readonly doubts: readonly string[];
  readonly unused: readonly string[];
}

/** @param rows sampled rows, as many cells as the header has names */
export function proposeMapping(header: readonly string[], rows: readonly (readonly string[])[]): MappingProposal {
  const written = header.map((name, index) => ({
    name,
    words: wordsOf(name),
    values: rows
      .map((row) => (row[index] ?? '').trim())
      .filter((value) => value !== '' && value.toLowerCase() !== 'null'),
  }));
  const decimal_comma =
    written.some(({ values }) => isCommaColumn(values)) && !written.some(({ values }) => isPointColumn(values));
  const columns = decimal_comma
    ? written.map((column) => ({ ...column, values: column.values.map((value) => withPoint(value) ?? value) }))
    : written;
  const fields: ProposedField[] = [];
  const taken = new Set<string>();
  const doubts: string[] = [];
  /** Columns whose names fit and whose values do not. */
  const misfits = new Map<MappedField, string>();
  for (const { field, words, not = [], prefers = [], unit } of GUESSES) {
    if (fields.some((one) => one.field === field)) continue;
    const fitting = columns
      .filter(({ name }) => !taken.has(name))
      .filter((column) => words.every((any) => any.some((word) => column.words.includes(word))))
      .filter((column) => !not.some((word) => column.words.includes(word)))
      .map((column) => ({ ...column, unit: unit(column.values, column.words), rank: rankOf(column.words, prefers) }))
      .filter((column) => column.unit !== undefined)
      .sort((a, b) => a.rank - b.rank || a.words.length - b.words.length);
    const best = fitting[0];
    if (best === undefined) {
      const named = columns.find(
        (column) =>
          !taken.has(column.name) &&
          column.values.length > 0 &&
          words.every((any) => any.some((word) => column.words.includes(word))) &&
          !not.some((word) => column.words.includes(word)),
      );
      if (named !== undefined)
        misfits.set(
          field,
          `"${named.name}" sounds like ${field}, but values such as ${named.values[0]!.slice(0, 40)} are not read as such${field === 'time' ? TIMES_READ : ''}`,
        );
      continue;
    }
    taken.add(best.name);
    const value = best.values[0]!.slice(0, 40);
    fields.push({
      field,
      column: best.name,
      unit: best.unit === '' ? undefined : best.unit,
      reason: `its name, and values such as ${value}`,
    });
    const others = fitting.slice(1).map(({ name }) => `"${name}"`);
    if (others.length > 0) doubts.push(`${field} could also be ${others.join(' or ')}`);
  }
  const numbers = new Numbers(
    header,
    decimal_comma ? rows.map((row) => row.map((cell) => withPoint(cell.trim()) ?? cell)) : rows,
    fields,
  );
  const includes = inclusions(numbers, doubts);
  for (const [field, doubt] of misfits) if (!fields.some((one) => one.field === field)) doubts.push(doubt);
  for (const field of ['input_tokens', 'output_tokens', 'time', 'model'] as const)
    if (!fields.some((one) => one.field === field)) doubts.push(`no column was found for ${field}`);
  return {
    fields,
    ...includes,
    ...(decimal_comma && { decimal_comma }),
    doubts,
    unused: header.filter((name) => !taken.has(name)),
  };
}

/** Fractions behind a comma, and none that could be thousands: `0,011` and `12,5`, not `1,234` alone. */
const isCommaColumn = (values: readonly string[]): boolean =>
  values.length > 0 &&
  values.every((value) => withPoint(value) !== undefined) &&
  values.some((value) => /^-?(?:0,|[0-9.]+,(?![0-9]{3}$))/.test(value));

const isPointColumn = (values: readonly string[]): boolean =>
  values.length > 0 &&
  values.every((value) => /^-?[0-9]+[.][0-9]+$/.test(value)) &&
  values.some((value) => withPoint(value) === undefined);

const TIMES_READ = '; write them as 2026-03-01 09:30, as 01.03.2026 09:30 or as seconds since 1970';

const rankOf = (words: readonly string[], prefers: readonly string[]): number => {
  const rank = prefers.findIndex((word) => words.includes(word));
  return rank < 0 ? prefers.length : rank;
};

/** Sampled numbers by field, row by row. */
class Numbers {
  readonly #place = new Map<string, number>();
  readonly #rows: readonly (readonly string[])[];

  constructor(header: readonly string[], rows: readonly (readonly string[])[], fields: readonly ProposedField[]) {
    this.#rows = rows;
    for (const { field, column } of fields) this.#place.set(field, header.indexOf(column));
    const total = header.findIndex((name) => {
      const words = wordsOf(name);
      return words.includes('total') && words.some((word) => TOKENS.includes(word));
    });
    if (total >= 0) this.#place.set('total', total);
  }

  has(field: string): boolean {
    return this.#place.has(field);
  }

  /** In how many of the rows where `part` is above 0 a statement holds. */
  share(part: string, holds: (of: (field: string) => number) => boolean): number {
    const told = this.#rows.filter((row) => this.#of(row, part) > 0);
    return told.filter((row) => holds((field) => this.#of(row, field))).length / Math.max(told.length, 1);
  }

  #of(row: readonly string[], field: string): number {
    const place = this.#place.get(field);
    return place === undefined ? 0 : Number(row[place] ?? 0) || 0;
  }
}

/** Whether input holds the cached tokens too, and output the reasoning ones: by a total where there is one, else by size. */
function inclusions(numbers: Numbers, doubts: string[]): Pick<MappingProposal, 'input_includes' | 'output_includes'> {
  const input: ('cache_read' | 'cache_write')[] = [];
  for (const [field, part] of [
    ['cache_read_tokens', 'cache_read'],
    ['cache_write_5m_tokens', 'cache_write'],
  ] as const)
    if (numbers.has(field) && isIncluded(numbers, field, 'input_tokens', doubts)) input.push(part);
  const output =
    numbers.has('reasoning_tokens') && isIncluded(numbers, 'reasoning_tokens', 'output_tokens', doubts)
      ? (['reasoning'] as const)
      : [];
  return { input_includes: input, output_includes: [...output] };
}

function isIncluded(numbers: Numbers, part: string, whole: string, doubts: string[]): boolean {
  if (numbers.has('total')) {
    const inside = numbers.share(part, (of) => of('total') === of('input_tokens') + of('output_tokens'));
    if (inside > 0.9) return true;
    const beside = numbers.share(part, (of) => of('total') >= of('input_tokens') + of('output_tokens') + of(part));
    if (beside > 0.9) return false;
  }
  const fits = numbers.share(part, (of) => of(part) <= of(whole)) === 1;
  doubts.push(
    fits
      ? `${part} never exceed ${whole} in the sample, so they are taken for a part of them; if they are not, empty the list`
      : `${part} exceed ${whole} in some rows, so they are taken for tokens beside them`,
  );
  return fits;
}
