/** A column mapping from its YAML file, as the adapter that reads by it. */
import { diagnose } from '../diagnose.ts';
import { InputError } from '../errors.ts';
import type { Adapter } from '../trace/adapter.ts';
import { mappedAdapter, traceMapping } from '../trace/mapping.ts';
import { readYaml } from './read-yaml.ts';

/** Throws an InputError with everything that is wrong. */
export async function readMapping(file: string): Promise<Adapter> {
  const yaml = await readYaml(file);
  const parsed = traceMapping.safeParse(yaml.value);
  if (!parsed.success) throw new InputError(diagnose('MAPPING', parsed.error, traceMapping, yaml.value, yaml.where));
  return mappedAdapter(parsed.data);
}
