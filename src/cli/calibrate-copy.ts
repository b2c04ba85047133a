/**
 * The copy of a scenario that holds measured values: the scenario's own text with values put in their places. Never the
 * original, no other file without --force, and never live and simulated values in one file.
 */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { type Edit, LIVE, SIMULATED } from '../calibration/edit.ts';
import { inputError } from '../errors.ts';
import { editedYaml } from '../io/edit-yaml.ts';
import { parseYaml } from '../io/read-yaml.ts';
import { applyOverrides } from '../scenario/overrides.ts';
import { writeFiles } from './write-files.ts';

/** Told before anything is read or run. */
export function refuseTarget(scenario: string, target: string, isForced: boolean): void {
  if (!existsSync(target)) return;
  if (existsSync(scenario) && realpathSync(target) === realpathSync(scenario))
    throw inputError(
      'CALIBRATE_WRITE',
      `--write ${target}`,
      'is the scenario itself; a calibration is written to a copy',
    );
  if (!isForced)
    throw inputError(
      'CALIBRATE_WRITE',
      `--write ${target}`,
      'exists; add --force to write over it, or name another file',
    );
}

/** Throws an InputError where values of both kinds would stand in one scenario, written or only evaluated. */
export function refuseMixed(text: string, scenario: string, edits: readonly Edit[]): void {
  const overrides = edits.map(({ keys, value }) => ({ path: keys, value }));
  checkMixed(JSON.stringify(applyOverrides(parseYaml(text, scenario).value, overrides)), scenario);
}

function checkMixed(text: string, scenario: string): void {
  if (text.includes(LIVE) && text.includes(SIMULATED))
    throw inputError(
      'CALIBRATE_MIXED',
      scenario,
      'would hold values of live calls beside simulated ones; calibrate the scenario that holds neither',
    );
}

export function copyText(text: string, scenario: string, edits: readonly Edit[], target: string): string {
  const { value } = parseYaml(text, scenario);
  const edited = editedYaml(text, scenario, [
    ...edits,
    ...movedFiles(value, path.dirname(scenario), path.dirname(target)),
  ]);
  checkMixed(edited, scenario);
  return edited;
}

export const writeCopy = (target: string, text: string): Promise<string[]> =>
  writeFiles(path.dirname(target), [[path.basename(target), text]]);

/** Files that a scenario names relative to itself, as they are named from another folder. */
function movedFiles(raw: unknown, from: string, to: string): Edit[] {
  if (path.resolve(from) === path.resolve(to)) return [];
  const moved = (keys: readonly string[], file: unknown): Edit[] =>
    typeof file !== 'string' || file === '-' || path.isAbsolute(file)
      ? []
      : [{ keys, value: path.relative(to, path.resolve(from, file)).replaceAll('\\', '/') }];
  const visit = (value: unknown, keys: readonly string[]): Edit[] => {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, member]) =>
      key === 'empirical'
        ? moved([...keys, key, 'file'], (member as { file?: unknown } | null)?.file)
        : visit(member, [...keys, key]),
    );
  };
  const { trace, mapping } = ((raw as { traffic?: unknown }).traffic ?? {}) as { trace?: unknown; mapping?: unknown };
  return [...moved(['traffic', 'trace'], trace), ...moved(['traffic', 'mapping'], mapping), ...visit(raw, [])];
}
