/** The spec of a stand-in from a YAML file, or the one of defaults; what is wrong with it is told with its line. */
import { diagnose } from '../../diagnose.ts';
import { InputError } from '../../errors.ts';
import { readYaml } from '../../io/read-yaml.ts';
import { type StandInSpec, standInSpec } from './spec.ts';

export async function readSpec(file: string | undefined): Promise<StandInSpec> {
  if (file === undefined) return standInSpec.parse({});
  const { value, where } = await readYaml(file);
  const parsed = standInSpec.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new InputError(diagnose('STAND_IN_SPEC', parsed.error, standInSpec, value, where));
}
