/**
 * Reads a workload file (YAML or JSON): findings with line and nearest key. `rates: {file: ...}` names a CSV of times and
 * rates, relative to the workload file, whose numbers are put in its place; the columns `t_seconds` and
 * `requests_per_second` are read, and the times must be evenly spaced.
 */
import path from 'node:path';
import { diagnose } from '../diagnose.ts';
import { InputError, inputError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { type WorkloadSpec, workloadSpec } from '../workload/schema.ts';
import { readText, readYaml } from './read-yaml.ts';

export async function readWorkload(file: string): Promise<WorkloadSpec> {
  const yaml = await readYaml(file);
  const raw = await withRates(yaml.value, file, yaml.where(['rates']));
  const parsed = workloadSpec.safeParse(raw);
  if (!parsed.success) throw new InputError(diagnose('WORKLOAD', parsed.error, workloadSpec, raw, yaml.where));
  return parsed.data;
}

async function withRates(raw: unknown, file: string, where: string): Promise<unknown> {
  if (typeof raw !== 'object' || raw === null || !('rates' in raw)) return raw;
  const { rates } = raw as { rates: unknown };
  if (typeof rates !== 'object' || rates === null || !('file' in rates)) return raw;
  const others = Object.keys(rates).filter((key) => key !== 'file');
  if (others.length > 0)
    throw inputError('WORKLOAD', where, `"file" can't stand beside ${others.join(', ')}; the file has them`);
  if (typeof rates.file !== 'string') throw inputError('WORKLOAD', where, '"file" is no path of a CSV file');
  return { ...raw, rates: await readRates(path.resolve(path.dirname(file), rates.file)) };
}

const COLUMNS = ['t_seconds', 'requests_per_second'] as const;

/** A series of rates from a CSV file with a header. */
export async function readRates(file: string): Promise<{ step_seconds: number; requests_per_second: number[] }> {
  const lines = (await readText(file)).split(/\r?\n/);
  const header = lines[0]!
    .replace(/^\uFEFF/, '')
    .split(',')
    .map((name) => name.trim());
  const [time, rate] = COLUMNS.map((name) => {
    const at = header.indexOf(name);
    if (at < 0)
      throw inputError(
        'RATES',
        `${file}:1`,
        `has no column "${name}"${didYouMean(name, header)}; found ${header.join(', ')}`,
      );
    return at;
  }) as [number, number];
  const rows = lines
    .map((line, i) => ({ line: i + 1, cells: line.split(',') }))
    .slice(1)
    .filter(({ cells }) => cells.join('').trim() !== '')
    .map(({ line, cells }) => ({ line, seconds: numberIn(cells[time]), rate: numberIn(cells[rate]) }));
  if (rows.length < 2) throw inputError('RATES', file, `has ${rows.length} rows; a step needs two`);
  const step_seconds = rows[1]!.seconds - rows[0]!.seconds;
  for (const [i, row] of rows.entries()) {
    if (Number.isNaN(row.seconds) || Number.isNaN(row.rate) || row.rate < 0)
      throw inputError('RATES', `${file}:${row.line}`, 'needs a time in seconds and a rate of at least 0');
    if (!(step_seconds > 0) || Math.abs(row.seconds - rows[0]!.seconds - i * step_seconds) > step_seconds / 1000)
      throw inputError(
        'RATES',
        `${file}:${row.line}`,
        `is not ${step_seconds} s after the row before it, as the first steps are`,
      );
  }
  return { step_seconds, requests_per_second: rows.map((row) => row.rate) };
}

const numberIn = (cell: string | undefined): number =>
  cell === undefined || cell.trim() === '' ? Number.NaN : Number(cell);
