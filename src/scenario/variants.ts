/**
 * `variants:` of a scenario: named sets of overrides, each what `--set` would change, so that a question can be asked again
 * at other figures. Gives their contract and the overrides of one; claims are those of the variant that is asked.
 */
import * as z from 'zod';
import { type Diagnostic, InputError, inputError, problem } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { type Override, overrideOf } from './overrides.ts';

const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'allowed are lower-case letters, digits and hyphens, starting with a letter');

const variant = z.strictObject({
  title: z.string().min(1).describe('What is different, in a few words'),
  source: z.string().min(1).optional().describe('Where its figures stand'),
  set: z
    .record(z.string(), z.unknown())
    .refine((set) => Object.keys(set).length > 0, 'a variant sets at least one path')
    .describe('Values by path, as --set takes them: {traffic.models.default: openai/gpt-4o}'),
});

export const variants = z
  .record(id, variant)
  .default({})
  .describe('The same question at other figures, by name: run with --variant NAME');

export type Variant = z.infer<typeof variant>;

interface WithVariants {
  readonly variants: Readonly<Record<string, Variant>>;
  readonly claims: readonly { readonly variant?: string | undefined }[];
}

/**
 * What a variant sets, each told at its own place in the file.
 * @param set as it stands in the file; what is no set of values is left for the contract to refuse
 * @param where gives the text in front of a path: `file.yaml:12 variants.real-prices.set.baseline`
 */
export function variantOverrides(
  raw: unknown,
  name: string,
  where: (path: readonly PropertyKey[]) => string,
): Override[] {
  const set = (raw as { variants?: Record<string, { set?: unknown } | null> | null } | null)?.variants?.[name]?.set;
  if (typeof set !== 'object' || set === null || Array.isArray(set)) return [];
  const problems: Diagnostic[] = [];
  const overrides = Object.entries(set).flatMap(([path, value]) => {
    try {
      return [overrideOf(path, value, where(['variants', name, 'set', path]))];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.diagnostics);
      return [];
    }
  });
  if (problems.length > 0) throw new InputError(problems);
  return overrides;
}

/** Throws an InputError where a scenario has no variant of that name. */
export function checkVariant(known: readonly string[], name: string, file: string): void {
  if (known.includes(name)) return;
  const choice = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  throw inputError(
    'VARIANT',
    `--variant ${name}`,
    `${file} has no variant "${name}"${didYouMean(name, known)}; ${choice}`,
  );
}

/** Claims that name a variant which isn't there. */
export const variantProblems = (
  { variants: known, claims }: WithVariants,
  where: (path: readonly PropertyKey[]) => string,
): Diagnostic[] => {
  const names = Object.keys(known);
  return claims.flatMap(({ variant: name }, i) => {
    if (name === undefined || names.includes(name)) return [];
    const choice = names.length === 0 ? 'the scenario has none' : `known are ${names.join(', ')}`;
    return [
      problem(
        'VARIANT',
        where(['claims', i, 'variant']),
        `there is no variant "${name}"${didYouMean(name, names)}; ${choice}`,
      ),
    ];
  });
};
