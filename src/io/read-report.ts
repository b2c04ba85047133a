/**
 * A report.json as its contract has it. An InputError names a file that is missing, no plain file, too large, broken, of
 * another version or not a report; its size is looked at before a byte is read.
 */
import { readFile, stat } from 'node:fs/promises';
import { diagnose, dotted } from '../diagnose.ts';
import { InputError, inputError } from '../errors.ts';
import { type Report, reportContract, SCHEMA_VERSION } from '../report/contract.ts';

export const LARGEST_REPORT_BYTES = 200_000_000;

export async function readReport(file: string, largest_bytes = LARGEST_REPORT_BYTES): Promise<Report> {
  const value = parsed(await boundedText(file, largest_bytes), file);
  const version = (value as { schema_version?: unknown } | null)?.schema_version;
  if (version !== SCHEMA_VERSION)
    throw inputError(
      'REPORT_VERSION',
      `${file} schema_version`,
      version === undefined
        ? 'is missing; expected a report.json, as tollgate run writes it'
        : `is ${JSON.stringify(version)}; this version of Tollgate reads ${SCHEMA_VERSION}`,
    );
  const report = reportContract.safeParse(value);
  if (report.success) return report.data;
  throw new InputError(diagnose('REPORT', report.error, reportContract, value, (path) => `${file} ${dotted(path)}`));
}

async function boundedText(file: string, largest_bytes: number): Promise<string> {
  try {
    // Before it is opened: opening a pipe waits for whoever writes into it.
    const found = await stat(file);
    if (!found.isFile()) throw inputError('REPORT_NO_FILE', file, 'is no plain file; expected a report.json');
    if (found.size > largest_bytes)
      throw inputError(
        'REPORT_TOO_LARGE',
        file,
        `has ${Math.ceil(found.size / 1e6)} MB; at most ${largest_bytes / 1e6} MB are read`,
      );
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT'
      ? inputError('FILE_MISSING', file, 'there is no such file')
      : inputError('FILE_UNREADABLE', file, `can't be read: ${message}`);
  }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw inputError('JSON', file, `is no JSON: ${(error as Error).message}`);
  }
}
