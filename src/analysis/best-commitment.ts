/**
 * The best level of a commitment: so much is paid each month at a discount whether it is used or not, the rest at list price.
 *
 *   cost of a month   c + max(0, spend - c / (1 - d))                   c committed, d discount, spend at list prices
 *   best              c = (1 - d) x quantile of spend at d              critical ratio (price - cost) / (price - salvage)
 *
 * Example: bought at 5 instead of 7 with demand uniform in 50..80: ratio 2/7, 58.5714 units; bought at 39, sold at 59,
 * salvage 30, uniform in 350..620: 536.2069. Months of 100, 200 and 300 USD at 40 % off: 120 USD commits to 200 of spend.
 * Source: newsvendor (Arrow, Harris, Marschak 1951). With steps the cost is convex, so the best lies at one of the two steps
 * beside it. Not modelled here: months that depend on each other, credits, a level that changes within the term.
 */
import { sum } from '../units.ts';
import { firstLeast } from './materiality.ts';

/** What a month may spend at list prices: equally likely samples (or weighted ones), or quantiles joined by lines. */
export type Spending =
  | { readonly samples: readonly number[]; readonly weights?: readonly number[] }
  | { readonly quantiles: readonly { readonly share: number; readonly spend_usd: number }[] };

export interface CommitmentTerms {
  /** Share off what is committed. */
  readonly discount: number;
  /** Levels come in whole steps of this size. */
  readonly step_usd?: number | undefined;
}

export interface CommitmentLevel {
  readonly commitment_usd: number;
  /** List spend that the commitment pays for. */
  readonly covers_usd: number;
  /** Expected cost of a month with it, and with none. */
  readonly cost_usd: number;
  readonly without_usd: number;
}

/** Share of cases that an order should meet: of a price, a cost, and what an unsold unit still brings. */
export function criticalRatio({ price, cost, salvage = 0 }: { price: number; cost: number; salvage?: number }): number {
  if (salvage <= cost && cost <= price && salvage < price) return (price - cost) / (price - salvage);
  throw new Error(`salvage ${salvage}, cost ${cost}, price ${price} are not in order`);
}

/** The least cost on expectation; of ties the smallest commitment. */
export function bestCommitment(spending: Spending, terms: CommitmentTerms): CommitmentLevel {
  const { discount, step_usd } = terms;
  if (!(discount >= 0 && discount < 1)) throw new Error(`a discount of ${discount} is not from 0 to below 1`);
  const pieces = piecesOf(spending);
  const free = (1 - discount) * (discount === 0 ? 0 : quantileAt(pieces, discount));
  const levels = step_usd === undefined ? [free] : stepsBeside(free, step_usd);
  const costs = levels.map((level) => costOfLevel(pieces, discount, level));
  const at = firstLeast(costs);
  const commitment_usd = levels[at]!;
  return {
    commitment_usd,
    covers_usd: commitment_usd / (1 - discount),
    cost_usd: costs[at]!,
    without_usd: costOfLevel(pieces, discount, 0),
  };
}

/** Expected cost of a month at a given commitment. */
export const commitmentCost = (spending: Spending, { discount }: CommitmentTerms, commitment_usd: number): number =>
  costOfLevel(piecesOf(spending), discount, commitment_usd);

/** The whole steps on both sides of a level, the smaller first. */
export function stepsBeside(level: number, step: number): number[] {
  const whole = Math.round(level / step);
  if (Math.abs(level / step - whole) <= 1e-9) return [whole * step];
  return [Math.floor(level / step) * step, Math.ceil(level / step) * step];
}

/** Probability spread evenly over a stretch of spend; a sample is a stretch of no width. */
interface Piece {
  readonly weight: number;
  readonly low: number;
  readonly high: number;
}

function piecesOf(spending: Spending): Piece[] {
  const pieces = 'samples' in spending ? samplePieces(spending) : quantilePieces(spending.quantiles);
  const total = sum(pieces.map((piece) => piece.weight));
  if (!(total > 0)) throw new Error('a distribution of spend needs at least one month of some weight');
  return pieces.map((piece) => ({ ...piece, weight: piece.weight / total }));
}

function samplePieces({ samples, weights }: { samples: readonly number[]; weights?: readonly number[] }): Piece[] {
  if (weights !== undefined && weights.length !== samples.length)
    throw new Error(`${weights.length} weights for ${samples.length} samples`);
  if (samples.some((spend) => !(spend >= 0)) || weights?.some((weight) => !(weight >= 0)))
    throw new Error('samples of spend and their weights are 0 or more');
  return samples
    .map((spend, i) => ({ weight: weights?.[i] ?? 1, low: spend, high: spend }))
    .sort((a, b) => a.low - b.low);
}

function quantilePieces(quantiles: readonly { readonly share: number; readonly spend_usd: number }[]): Piece[] {
  const isRising = quantiles.every((one, i) => {
    const before = quantiles[i - 1];
    return before === undefined || (one.share > before.share && one.spend_usd >= before.spend_usd);
  });
  if (quantiles[0]?.share !== 0 || quantiles.at(-1)?.share !== 1 || !isRising || !(quantiles[0].spend_usd >= 0))
    throw new Error('quantiles of spend run from share 0 to share 1, both rising');
  return quantiles.slice(1).map((one, i) => {
    const before = quantiles[i]!;
    return { weight: one.share - before.share, low: before.spend_usd, high: one.spend_usd };
  });
}

/** The least spend that a share of the cases does not pass. */
function quantileAt(pieces: readonly Piece[], share: number): number {
  let below = 0;
  for (const { weight, low, high } of pieces) {
    if (weight > 0 && below + weight >= share - 1e-12)
      return low + (high - low) * Math.min(1, Math.max(0, (share - below) / weight));
    below += weight;
  }
  return pieces.at(-1)!.high;
}

function costOfLevel(pieces: readonly Piece[], discount: number, commitment: number): number {
  const covered = commitment / (1 - discount);
  return commitment + sum(pieces.map((piece) => piece.weight * beyond(piece, covered)));
}

/** Mean of what lies above a level. */
function beyond({ low, high }: Piece, level: number): number {
  if (level <= low) return (low + high) / 2 - level;
  return level >= high ? 0 : (high - level) ** 2 / (2 * (high - low));
}
