/**
 * Where `tollgate replay` finds how to replay: under `replay` in the scenario, or in a file of its own. Findings that name
 * a place of it only by its path get the file and the line in front.
 */
import { diagnose } from '../diagnose.ts';
import { InputError, inputError } from '../errors.ts';
import { readYaml } from '../io/read-yaml.ts';
import { type ReplaySpec, replaySpec } from '../replay/schema.ts';

export async function readReplaySpec(
  ofScenario: ReplaySpec | undefined,
  file: string,
  specFile: string | undefined,
): Promise<ReplaySpec> {
  if (specFile !== undefined) {
    const { value, where } = await readYaml(specFile);
    const parsed = replaySpec.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new InputError(diagnose('REPLAY_FIELD', parsed.error, replaySpec, value, where));
  }
  // A scenario that was read has been checked, and its amounts have been understood.
  if (ofScenario !== undefined) return ofScenario;
  throw inputError(
    'REPLAY_MISSING',
    `${file} replay`,
    'is missing; it says which strategies are replayed and through which policies, caches and conditions. It may stand in a file of its own: --spec <file.yaml>',
  );
}

/** The same findings with the file and line of their place in the `replay` block. */
export async function placed(error: InputError, file: string, specFile: string | undefined): Promise<InputError> {
  const { where } = await readYaml(specFile ?? file);
  return new InputError(
    error.diagnostics.map((found) => {
      const [first, ...rest] = keysOf(found.path);
      if (first !== 'replay') return found;
      return { ...found, path: where(specFile === undefined ? ['replay', ...rest] : rest) };
    }),
  );
}

/** `a.b[1]` as its keys. */
const keysOf = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) => (index === undefined ? key! : Number(index)));
