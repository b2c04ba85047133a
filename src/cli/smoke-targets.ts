/** The targets of a run: from a file, by name, or a stand-in that is started for it. */
import type { PriceBook } from '../pricing/price-book.ts';
import type { Target } from '../smoke/target.ts';

export interface AskedTargets {
  readonly target?: readonly string[];
  readonly standIn?: true;
  readonly seed: number;
}

export interface RunTargets {
  readonly targets: readonly Target[];
  readonly simulated: boolean;
  readonly close: () => Promise<void>;
}

export async function runTargets(
  book: PriceBook,
  file: string | undefined,
  { target: names = [], standIn, seed }: AskedTargets,
  say: (text: string) => void,
): Promise<RunTargets> {
  const { inputError, InputError } = await import('../errors.ts');
  if (standIn) {
    if (file !== undefined || names.length > 0)
      throw inputError(
        'SMOKE_STAND_IN',
        '--stand-in',
        'stands in place of targets; live targets are never answered by it',
      );
    const [{ startStandIn }, { standInSpec }] = await Promise.all([
      import('../smoke/stand-in/start-stand-in.ts'),
      import('../smoke/stand-in/spec.ts'),
    ]);
    const { targets, close } = await startStandIn(standInSpec.parse({}), { seed });
    return { targets, simulated: true, close };
  }
  if (file === undefined && names.length === 0)
    throw inputError(
      'SMOKE_TARGET',
      'tollgate smoke',
      'names no target; name some: --target openai/gpt-4o-mini --target openrouter/openai/gpt-4o-mini, a targets.yaml, or --stand-in to see it without a key',
    );
  const { targetsFile, targetsOf } = await import('../smoke/targets-file.ts');
  const read = file === undefined ? { value: { targets: [] }, where: undefined } : await readFile(file);
  const value = read.value as { readonly targets?: readonly unknown[] };
  const all = { ...value, targets: [...(value.targets ?? []), ...names.map((target) => ({ target }))] };
  const parsed = targetsFile.safeParse(all);
  const where = (path: readonly PropertyKey[]): string => read.where?.(path) ?? '--target';
  if (!parsed.success) {
    const { diagnose } = await import('../diagnose.ts');
    throw new InputError(diagnose('SMOKE_TARGETS', parsed.error, targetsFile, all, where));
  }
  const { targets, found } = targetsOf(book, parsed.data, where, process.env);
  if (found.some(({ severity }) => severity === 'error')) throw new InputError(found);
  for (const { path, message } of found) say(`${path}: ${message}\n`);
  return { targets, simulated: false, close: async () => undefined };
}

async function readFile(file: string) {
  const [{ readYaml }, { existsSync }, { inputError }] = await Promise.all([
    import('../io/read-yaml.ts'),
    import('node:fs'),
    import('../errors.ts'),
  ]);
  if (/^[^.]*\/[^/]+$/.test(file) && !/\.(ya?ml|json)$/.test(file) && !existsSync(file))
    throw inputError('SMOKE_TARGET', file, `there is no such file; a target is named as --target ${file}`);
  return readYaml(file);
}
