/** All situations that a first scenario can start from, in the order in which they are offered. */
import { didYouMean } from '../nearest.ts';
import { ACCESS_SITUATIONS } from './access-situations.ts';
import { PRODUCT_SITUATIONS } from './product-situations.ts';
import type { Situation } from './situation.ts';

export const SITUATIONS: readonly Situation[] = [...PRODUCT_SITUATIONS, ...ACCESS_SITUATIONS];

/** By name, by its number in the list, or as the only one whose name or description holds the text; else what to say. */
export function situationOf(text: string): Situation | { readonly problem: string } {
  const asked = text.trim().toLowerCase();
  const byNumber = /^\d+$/.test(asked) ? SITUATIONS[Number(asked) - 1] : undefined;
  const holding =
    asked.length < 3
      ? []
      : SITUATIONS.filter(({ id, title, summary }) => [id, title, summary].join('\n').toLowerCase().includes(asked));
  const found =
    byNumber ?? SITUATIONS.find(({ id }) => id === asked) ?? (holding.length === 1 ? holding[0] : undefined);
  if (found !== undefined) return found;
  const ids = SITUATIONS.map(({ id }) => id);
  return {
    problem: `there is no situation "${text.trim()}"${didYouMean(asked, ids)}; allowed are 1 to ${ids.length} and ${ids.join(', ')}`,
  };
}
