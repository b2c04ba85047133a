/**
 * Where `tollgate replay` finds how to replay: under `replay` in the scenario, or in a file of its own.
 */
import { diagnose } from '../diagnose.ts';
import { InputError, inputError } from '../errors.ts';
import { readYaml } from '../io/read-yaml.ts';
import { type ReplaySpec, replaySpec } from '../replay/schema.ts';
import { amountsIn } from '../scenario/paths.ts';

export async function readReplaySpec(
  ofScenario: ReplaySpec | undefined,
  file: string,
  specFile: string | undefined,
): Promise<ReplaySpec> {
  if (specFile !== undefined) {
    const { value, where } = await readYaml(specFile);
    const parsed = replaySpec.safeParse(value);
    if (parsed.success) {
      const computed = amountsIn(parsed.data).find(({ formula }) => formula !== undefined);
      if (computed === undefined) return parsed.data;
      throw inputError(
        'REPLAY_FIELD',
        specFile,
        `"= ${computed.formula!.text}" is a formula; its inputs stand in a scenario, so write it under the scenario’s own \`replay\``,
      );
    }
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
