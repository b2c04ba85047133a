/**
 * Which rate cards are offers of the same model: the contract of `pricing/equivalents.yaml` and the look-up in it.
 *
 * Facts of naming, without prices. Every name is exact, `seller/model`, and has a card; a card is in one group at most. It
 * says nothing of quality: hosts may serve quantised weights.
 */
import * as z from 'zod';

export const equivalentsFile = z
  .strictObject({
    models: z.array(
      z.strictObject({
        model: z.string().min(1).describe('What people call it'),
        same_as: z.array(z.string()).min(2).describe('Its rate cards, seller/model, exact'),
      }),
    ),
  })
  .describe('Which rate cards are offers of the same model');

export type EquivalentsFile = z.infer<typeof equivalentsFile>;
export type Equivalents = EquivalentsFile['models'];

/** The cards of the same model, this one first; itself alone where nothing else is known. */
export function offersOf(equivalents: Equivalents, name: string): string[] {
  const group = equivalents.find(({ same_as }) => same_as.includes(name));
  return [name, ...(group?.same_as ?? []).filter((other) => other !== name)];
}

export interface EquivalentsConflict {
  readonly at: readonly (string | number)[];
  readonly message: string;
}

/** Names without a card, and cards named twice. */
export function conflictsInEquivalents(file: EquivalentsFile, names: ReadonlySet<string>): EquivalentsConflict[] {
  const seen = new Set<string>();
  return file.models.flatMap(({ same_as }, group) =>
    same_as.flatMap((name, i) => {
      const at = ['models', group, 'same_as', i];
      const isTwice = seen.has(name);
      seen.add(name);
      if (!names.has(name)) return [{ at, message: `"${name}" has no rate card` }];
      return isTwice ? [{ at, message: `"${name}" is named twice; a card is one model` }] : [];
    }),
  );
}
