/**
 * measurements.json as `tollgate smoke` writes it, checked: its contract, and that findings speak of targets and evidence
 * that are there. An InputError tells people what is wrong: another file, a later version, a member that is not as it was.
 */
import { diagnose, dotted } from '../diagnose.ts';
import { type Diagnostic, InputError, inputError, problem } from '../errors.ts';
import { MEASUREMENTS_VERSION, type Measurements, measurements } from '../measurements/contract.ts';
import { didYouMean } from '../nearest.ts';
import { readText } from './read-yaml.ts';

const CODE = 'MEASUREMENTS';
const MOST_CHARACTERS = 256 * 1024 * 1024;
/** More of the same says nothing more. */
const MOST_TOLD = 20;

export async function readMeasurements(file: string): Promise<Measurements> {
  return measurementsOf(await readText(file, MOST_CHARACTERS), file);
}

export function measurementsOf(text: string, file: string): Measurements {
  const value = parsed(text, file);
  const { format, version } = value;
  if (format !== 'tollgate-measurements')
    throw inputError(
      CODE,
      file,
      `is no measurements.json: expected format "tollgate-measurements", found ${format === undefined ? whatElse(value) : JSON.stringify(format)}`,
    );
  if (typeof version === 'number' && version > MEASUREMENTS_VERSION)
    throw inputError(
      CODE,
      file,
      `is of version ${version}, and this Tollgate reads version ${MEASUREMENTS_VERSION}; read it with the one that wrote it (${String(value.tollgate)}) or a later one`,
    );
  const where = (path: readonly PropertyKey[]): string => `${file} ${dotted(path)}`.trimEnd();
  const read = measurements.safeParse(value);
  if (!read.success) throw new InputError(atMost(diagnose(CODE, read.error, measurements, value, where), file));
  const found = dangling(read.data, where);
  if (found.length > 0) throw new InputError(atMost(found, file));
  return read.data;
}

function parsed(text: string, file: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') throw inputError(CODE, file, 'is empty; expected measurements.json of tollgate smoke');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw inputError(CODE, file, `is no JSON: ${(error as Error).message}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw inputError(CODE, file, 'is no measurements.json: expected a JSON object');
}

const whatElse = (value: Readonly<Record<string, unknown>>): string =>
  'schema_version' in value && 'recommendation' in value ? "none; it looks like a scenario's report.json" : 'none';

function dangling({ targets, findings, evidence }: Measurements, where: (path: PropertyKey[]) => string): Diagnostic[] {
  const known = [...new Set(targets.map(({ id }) => id))];
  const kept = new Set(evidence.map(({ id }) => id));
  const unknown = (path: PropertyKey[], target: string): Diagnostic[] =>
    known.includes(target)
      ? []
      : [
          problem(
            CODE,
            where(path),
            `there is no target "${target}"${didYouMean(target, known)}; there are ${known.join(', ')}`,
          ),
        ];
  return [
    ...targets.flatMap(({ id }, i) =>
      targets.findIndex((one) => one.id === id) < i
        ? [problem(CODE, where(['targets', i, 'id']), `two targets are called ${id}`)]
        : [],
    ),
    ...findings.flatMap((one, i) => [
      ...unknown(['findings', i, 'target'], one.target),
      ...one.evidence.flatMap((id, k) =>
        kept.has(id)
          ? []
          : [problem(CODE, where(['findings', i, 'evidence', k]), `there is no evidence with the id "${id}"`)],
      ),
    ]),
    ...evidence.flatMap((one, i) => unknown(['evidence', i, 'target'], one.target)),
  ];
}

const atMost = (found: readonly Diagnostic[], file: string): Diagnostic[] =>
  found.length <= MOST_TOLD
    ? [...found]
    : [...found.slice(0, MOST_TOLD), problem(CODE, file, `and ${found.length - MOST_TOLD} more places like these`)];
