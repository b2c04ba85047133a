/**
 * Measured values of a scenario: each `empirical: {file: measured.csv, column: x}` in its YAML is replaced by a distribution
 * of the values in that column. Files are CSV with a header, relative to the scenario's folder; blank cells are no values.
 * Takes parsed YAML and where each path stands; gives the same value with the columns put in. What they mean is not asked.
 */
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { measuredColumn } from '../amount.ts';
import { type Diagnostic, InputError, problem } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { readText } from './read-yaml.ts';

const CODE = 'EMPIRICAL';
/** Every value is kept with its amount, up to the report. */
const MOST_VALUES = 20_000;
const MOST_TOLD = 5;

/** Throws an InputError with everything that is wrong. A reference that is malformed is left for the contract to refuse. */
export async function withMeasuredValues(
  value: unknown,
  folder: string,
  where: (at: readonly PropertyKey[]) => string,
): Promise<unknown> {
  const problems: Diagnostic[] = [];
  const files = new Map<string, Promise<string[][]>>();

  const rowsOf = (file: string): Promise<string[][]> => {
    const known = files.get(file) ?? readRows(file);
    files.set(file, known);
    return known;
  };

  const visit = async (node: unknown, at: readonly PropertyKey[]): Promise<unknown> => {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return Promise.all(node.map((member, i) => visit(member, [...at, i])));
    const column = 'empirical' in node ? measuredColumn.safeParse(node.empirical) : undefined;
    if (column?.success === true) {
      const { empirical: _empirical, ...others } = node as Record<string, unknown>;
      if ('unit' in others && column.data.unit !== undefined)
        problems.push(
          problem(CODE, where([...at, 'unit']), 'states the unit of the values again; it stands beside the column'),
        );
      return { ...(await measured(column.data, at)), ...others };
    }
    const members = await Promise.all(
      Object.entries(node).map(async ([key, member]) => [key, await visit(member, [...at, key])] as const),
    );
    return Object.fromEntries(members);
  };

  const measured = async (
    { file, column, unit }: { file: string; column: string; unit?: string | undefined },
    at: readonly PropertyKey[],
  ): Promise<Record<string, unknown>> => {
    try {
      const values = valuesOf(await rowsOf(path.resolve(folder, file)), file, column);
      return {
        dist: 'empirical',
        values,
        ...(unit === undefined ? {} : { unit }),
        source: `${file}, column "${column}", ${values.length} values`,
      };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.diagnostics.map((d) => problem(d.code, where(at), `${d.path}: ${d.message}`)));
      return {};
    }
  };

  const resolved = await visit(value, []);
  if (problems.length > 0) throw new InputError(problems);
  return resolved;
}

async function readRows(file: string): Promise<string[][]> {
  try {
    return parse(await readText(file), { bom: true, trim: true, relax_column_count: true, skip_empty_lines: false });
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError([problem(CODE, file, `is no CSV: ${(error as Error).message}`)]);
  }
}

function valuesOf(rows: readonly (readonly string[])[], file: string, column: string): number[] {
  const header = rows[0] ?? [];
  const place = header.indexOf(column);
  if (place < 0) {
    const found = header.length === 0 ? 'is empty' : `found ${header.join(', ')}`;
    throw new InputError([
      problem(CODE, `${file}:1`, `has no column "${column}"${didYouMean(column, header)}; ${found}`),
    ]);
  }
  const values: number[] = [];
  const problems: Diagnostic[] = [];
  for (const [i, row] of rows.entries()) {
    const cell = row[place] ?? '';
    if (i === 0 || cell === '') continue;
    const value = Number(cell);
    if (Number.isFinite(value)) values.push(value);
    else problems.push(problem(CODE, `${file}:${i + 1}`, `column "${column}" has "${cell}"; expected a number`));
  }
  if (problems.length > MOST_TOLD) {
    const more = problems.length - MOST_TOLD;
    problems.splice(MOST_TOLD, more, problem(CODE, file, `${more} more cells of column "${column}" are no numbers`));
  }
  if (problems.length > 0) throw new InputError(problems);
  if (values.length === 0) throw new InputError([problem(CODE, file, `column "${column}" has no values`)]);
  if (values.length > MOST_VALUES)
    throw new InputError([
      problem(CODE, file, `column "${column}" has ${values.length} values; at most ${MOST_VALUES} are read`),
    ]);
  return values;
}
