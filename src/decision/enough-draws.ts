/**
 * Whether the draws are enough for what is said of them; a warning for each statement that more draws might turn round.
 *
 *   mean difference        |mean| < z se, paired, best on average against each other strategy
 *   most often cheapest    p1 - p2 < z sqrt((p1 + p2 - (p1 - p2)^2) / n)
 *   cheapest share         sqrt(p (1 - p) / n) > precision; at p = 0 or 1, where that is 0, 3 / n > precision
 *   CVaR at 95 %           sd of max(0, cost - P95) / (0.05 sqrt n) > 5 % of it, or fewer than 20 draws beyond P95
 *
 * Errors fall with sqrt n, which gives the draws that are needed if what was seen holds. null: no number would do.
 * Example: a share of a half on 400 draws has an error of 0.025; for 0.01 it takes 2,500 draws.
 * z is 1.96 (two-sided 95 %). A tie in every draw is no matter of draws and gives no warning.
 * Source of 3 / n: Hanley and Lippman-Hand, If Nothing Goes Wrong, Is Everything All Right?, JAMA 249 (1983).
 * Not modelled: stratified draws, which need fewer; that many statements at once are right less often than each.
 */
import { cheapest, minus } from './cheapest.ts';
import { type CostDraws, drawCount, isTie, meanOf, smallest } from './draws.ts';
import { cvarOfSorted, quantileOfSorted } from './summary.ts';

export interface DrawsWarning {
  readonly about: 'mean_difference' | 'most_often_cheapest' | 'cheapest_fraction' | 'cvar';
  readonly strategies: readonly string[];
  readonly value: number;
  readonly se: number;
  readonly draws: number;
  readonly needed_draws: number | null;
  readonly message: string;
}

export interface Precision {
  /** Of a difference that is said to be one, in standard errors. */
  readonly z?: number;
  /** Largest standard error of a share of draws. */
  readonly fraction_precision?: number;
  /** Largest standard error of the CVaR, as a share of it. */
  readonly cvar_precision_fraction?: number;
}

const LEAST_TAIL_DRAWS = 20;
const TAIL_FRACTION = 0.05;

export function warnOfFewDraws(
  draws: CostDraws,
  { z = 1.959963984540054, fraction_precision = 0.01, cvar_precision_fraction = 0.05 }: Precision = {},
): DrawsWarning[] {
  drawCount(draws.ids, draws.costs);
  return [
    ...meanDifferences(draws, z),
    ...cheapestFractions(draws, z, fraction_precision),
    ...tails(draws, cvar_precision_fraction),
  ];
}

function meanDifferences({ ids, costs }: CostDraws, z: number): DrawsWarning[] {
  const n = costs[0]!.length;
  const best = smallest(costs.map((column) => meanOf(column).mean));
  return ids.flatMap((id, s): DrawsWarning[] => {
    if (s === best || costs[s]!.every((cost, i) => isTie(cost, costs[best]![i]!))) return [];
    const { mean: value, se } = meanOf(minus(costs[s]!, costs[best]!));
    if (value >= z * se && value > 0) return [];
    const needed_draws = value > 0 ? Math.ceil(n * ((z * se) / value) ** 2) : null;
    const pair = [ids[best]!, id];
    const message = `${pair[0]} is cheaper than ${id} by ${short(value)} on average, with a standard error of ${short(se)}`;
    return [
      {
        about: 'mean_difference',
        strategies: pair,
        value,
        se,
        draws: n,
        needed_draws,
        message: message + ask(n, needed_draws),
      },
    ];
  });
}

function cheapestFractions(draws: CostDraws, z: number, precision: number): DrawsWarning[] {
  const n = draws.costs[0]!.length;
  const order = cheapest(draws).sort((a, b) => b.sole_fraction - a.sole_fraction);
  const found: DrawsWarning[] = [];
  const [first, second] = order;
  if (first === undefined || second === undefined || first.sole_fraction === 0) return found;
  const value = first.sole_fraction - second.sole_fraction;
  const se = Math.sqrt((first.sole_fraction + second.sole_fraction - value ** 2) / n);
  if (value < z * se) {
    const needed_draws = value > 0 ? Math.ceil(n * ((z * se) / value) ** 2) : null;
    const strategies = [first.id, second.id];
    const message = `${first.id} is cheapest more often than ${second.id} by ${short(value)} of the draws, with a standard error of ${short(se)}`;
    found.push({
      about: 'most_often_cheapest',
      strategies,
      value,
      se,
      draws: n,
      needed_draws,
      message: message + ask(n, needed_draws),
    });
  }
  for (const { id, sole_fraction: p, sole_se } of order) {
    const isSure = p === 0 || p === 1;
    if ((isSure ? 3 / n : sole_se) <= precision) continue;
    // A share of 0 of one strategy is said by the others' shares already.
    if (p === 0) continue;
    const needed_draws = Math.ceil(rounded(isSure ? 3 / precision : (p * (1 - p)) / precision ** 2));
    const message = isSure
      ? `${id} is cheapest in every draw; with ${n} draws the share may be as low as ${short(1 - 3 / n)}`
      : `${id} is cheapest in ${short(p)} of the draws, with a standard error of ${short(sole_se)}`;
    found.push({
      about: 'cheapest_fraction',
      strategies: [id],
      value: p,
      se: sole_se,
      draws: n,
      needed_draws,
      message: message + ask(n, needed_draws),
    });
  }
  return found;
}

function tails({ ids, costs }: CostDraws, precision: number): DrawsWarning[] {
  return ids.flatMap((id, s): DrawsWarning[] => {
    const n = costs[s]!.length;
    const sorted = costs[s]!.slice().sort();
    const value = cvarOfSorted(sorted, 1 - TAIL_FRACTION);
    const from = quantileOfSorted(sorted, 1 - TAIL_FRACTION);
    const se = meanOf(sorted.map((cost) => Math.max(0, cost - from))).se / TAIL_FRACTION;
    const isLoose = se > precision * Math.abs(value);
    const isFew = n * TAIL_FRACTION < LEAST_TAIL_DRAWS && sorted[0] !== sorted[n - 1];
    if (!isLoose && !isFew) return [];
    const enough = value === 0 ? null : Math.ceil(n * (se / (precision * value)) ** 2);
    const needed_draws = enough === null ? null : Math.max(enough, LEAST_TAIL_DRAWS / TAIL_FRACTION);
    const message = `the dearest 5 % of ${id} cost ${short(value)} on average, with a standard error of ${short(se)}`;
    return [
      { about: 'cvar', strategies: [id], value, se, draws: n, needed_draws, message: message + ask(n, needed_draws) },
    ];
  });
}

const ask = (n: number, needed: number | null): string =>
  `; ${n} draws do not settle it, ${needed === null ? 'and no number of draws is known to' : `about ${needed} would`}`;

/** Three digits: a message is read, `value` and `se` are computed with. */
const short = (value: number): string => String(Number(value.toPrecision(3)));
/** 2500.0000000000005 draws are 2500. */
const rounded = (value: number): number => Number(value.toPrecision(12));
