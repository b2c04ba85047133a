/**
 * How sure the answer is, in sentences: the same in every format. Takes the report, gives plain text without markup.
 *
 * Nothing is said with more digits than the draws know, and what can't be told from zero (within two standard errors) is
 * said to be so. A report without draws has no such sentence.
 */
import type { Report } from './contract.ts';
import { number, plural } from './format.ts';
import { knownShare, knownUsd, ofDraws, shareMargin, usdMargin } from './known-digits.ts';
import type { Uncertainty } from './uncertainty-contract.ts';

export type Difference = Pick<Uncertainty['differences'][number], 'npv_usd' | 'cheaper_fraction' | 'tie_fraction'>;
type Dominance = Uncertainty['dominance'][number];

/** An error of this much in a share, two standard errors being five points, is told beside it. */
const FEW_DRAWS_SE = 0.025;
const SAME = 'the same';

/** Of the strategies against the baseline; the recommended baseline against its rival is the same the other way round. */
export const differencesFromBaseline = ({ uncertainty: found, baseline }: Report): Uncertainty['differences'] =>
  (found?.differences ?? []).filter(({ versus }) => versus === baseline);

/** Cost of `a` less that of `b`, whichever way round it was kept. */
export function differenceOf(found: Uncertainty, a: string, b: string): Difference | null {
  const as = (x: string, y: string) => found.differences.find(({ strategy, versus }) => strategy === x && versus === y);
  const same = as(a, b);
  if (same !== undefined) return same;
  const other = as(b, a);
  if (other === undefined) return null;
  const { mean, se, p5, p50, p95 } = other.npv_usd;
  return {
    npv_usd: { mean: -mean, se, p5: -p95, p50: -p50, p95: -p5 },
    cheaper_fraction: Math.max(0, 1 - other.cheaper_fraction - other.tie_fraction),
    tie_fraction: other.tie_fraction,
  };
}

/** `between $4,100 less and $900 more`, `between $900 and $4,100 less`. */
export function costsBetween(low: number, high: number, se: number): string {
  const [a, b] = [low, high].map((amount) => knownUsd(Math.abs(amount), se)) as [string, string];
  const isNothing = (text: string): boolean => !/[1-9]/.test(text);
  if (isNothing(a) && isNothing(b)) return SAME;
  const side = (amount: number): string => (amount < 0 ? 'less' : 'more');
  if (a === b && low * high > 0) return `${a} ${side(low)}`;
  if (isNothing(b) || (high < 0 && low < 0)) return `between ${b} and ${a} less`;
  if (isNothing(a) || (high > 0 && low > 0)) return `between ${a} and ${b} more`;
  return `between ${a} less and ${b} more`;
}

/** What follows the recommendation: how often it is right, between what the difference lies, and what speaks against it. */
export function sureSentence({ uncertainty: found, recommendation }: Report): string | null {
  const drawn = found?.strategies.find(({ id }) => id === recommendation.strategy);
  if (found === undefined || drawn === undefined) return null;
  const { draws } = found;
  const { se, p5, p95 } = drawn.npv_usd;
  if (found.strategies.length === 1)
    return `In 90% of ${plural(draws, 'draw')} of the uncertain inputs it costs between ${knownUsd(p5, se)} and ${knownUsd(p95, se)}; no other strategy is ranked.`;
  const versus = recommendation.versus;
  const difference = versus === null ? null : differenceOf(found, drawn.id, versus);
  return [cheapestWords(drawn, found), differenceWords(difference, versus), ...doubts(found, drawn, difference, versus)]
    .join('')
    .trim();
}

/** `In 83% of 2,000 draws of the uncertain inputs it is the cheapest (litellm in 9%)`. */
function cheapestWords(drawn: Uncertainty['strategies'][number], { draws, strategies }: Uncertainty): string {
  const { cheapest_fraction: alone, tied_fraction: tied, cheapest_se } = drawn;
  if (alone <= 0 && tied <= 0) return `In none of ${plural(draws, 'draw')} of the uncertain inputs is it the cheapest`;
  const next = strategies
    .filter(({ id, cheapest_fraction }) => id !== drawn.id && cheapest_fraction > 0 && cheapest_fraction <= alone)
    .sort((a, b) => b.cheapest_fraction - a.cheapest_fraction)[0];
  const beside = [
    ...(next === undefined ? [] : [`${next.id} in ${knownShare(next.cheapest_fraction, draws)}`]),
    ...(cheapest_se >= FEW_DRAWS_SE ? [`${shareMargin(cheapest_se)}, since the draws are few`] : []),
  ].join('; ');
  const ties = tied > 0 ? `, and in ${knownShare(tied, draws)} another costs the same` : '';
  return `In ${ofDraws(alone, draws)} of the uncertain inputs it is the cheapest${beside === '' ? '' : ` (${beside})`}${ties}`;
}

const differenceWords = (difference: Difference | null, versus: string | null): string => {
  if (difference === null) return '.';
  const { p5, p95, se } = difference.npv_usd;
  const amount = costsBetween(p5, p95, se);
  return `; in 90% of all draws it costs ${amount} ${amount === SAME ? 'as' : 'than'} ${versus}.`;
};

function doubts(
  found: Uncertainty,
  drawn: Uncertainty['strategies'][number],
  difference: Difference | null,
  versus: string | null,
): string[] {
  const oftener = found.strategies
    .filter((s) => s.cheapest_fraction > drawn.cheapest_fraction)
    .sort((a, b) => b.cheapest_fraction - a.cheapest_fraction)[0];
  const unsettled =
    difference !== null && difference.npv_usd.se > 0 && Math.abs(difference.npv_usd.mean) < 2 * difference.npv_usd.se;
  return [
    ...(oftener === undefined
      ? []
      : [` ${oftener.id} is the cheapest more often (${knownShare(oftener.cheapest_fraction, found.draws)}).`]),
    ...(found.best === null || found.best === drawn.id
      ? []
      : [` Averaged over all draws ${found.best} costs least: the recommendation holds at the means of the inputs.`]),
    ...(unsettled ? [` Which of it and ${versus} costs less on average can't be told from so many draws.`] : []),
  ];
}

/** Whether one strategy is better than another whatever happens, or for whoever dislikes risk, or neither. */
export function dominanceSentence({ a, b, dominant, order, ...share }: Dominance, draws: number): string {
  if (share.tie_fraction >= 1) return `${a} and ${b} cost the same in all ${number(draws)} draws.`;
  const b_cheaper = Math.max(0, 1 - share.a_cheaper_fraction - share.tie_fraction);
  const isA = dominant === null ? share.a_cheaper_fraction >= b_cheaper : dominant === a;
  const [better, other] = isA ? [a, b] : [b, a];
  const fraction = isA ? share.a_cheaper_fraction : b_cheaper;
  if (fraction >= 1) return `${better} is cheaper than ${other} in all ${number(draws)} draws.`;
  const often = ofDraws(fraction, draws);
  if (order === 'first')
    return `${better} is as cheap as ${other} or cheaper at every quantile of cost, and cheaper in ${often}: it dominates.`;
  if (order === 'second')
    return `${better} is no dearer than ${other} on average over the dearest draws, however many of them are taken, and cheaper in ${often}: who dislikes risk prefers it.`;
  return `${better} is cheaper than ${other} in ${often}, but not at every quantile of cost: it does not dominate.`;
}

/** Pairs with the strategy first, in the order of the report. */
export const dominanceWith = ({ dominance }: Uncertainty, id: string | null): Dominance[] =>
  dominance.filter(({ a, b }) => a === id || b === id);

/** What it costs on average not to know which strategy will be the cheapest. */
export function regretSentence(found: Uncertainty, id: string | null): string | null {
  const drawn = found.strategies.find((s) => s.id === id);
  if (drawn === undefined || found.strategies.length < 2) return null;
  const { regret_usd, regret_se } = drawn;
  if (regret_usd === 0) return `Expected regret of ${drawn.id}: $0. In no draw does another strategy cost less.`;
  return `Expected regret of ${drawn.id}: ${knownUsd(regret_usd, regret_se)} (${usdMargin(regret_se)}), which is what it costs on average above the cheapest strategy of each draw.`;
}

const METHOD_WORDS = { latin_hypercube: 'Latin hypercube', plain: 'plain random', sobol: 'Sobol’ sequence' } as const;

/** Where the figures come from. */
export const methodSentence = ({ draws, method, seed, varied, incidents }: Uncertainty): string =>
  `From ${plural(draws, 'draw')} (${METHOD_WORDS[method]}, seed ${seed}) of ${plural(varied, 'uncertain input')}. A draw is one possible course of the world: it gives every uncertain input one value, the same for all strategies. Outages are ${
    incidents === 'sampled' ? 'drawn as well' : 'taken at their expected hours'
  }.`;
