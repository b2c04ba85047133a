/**
 * Who used it: integer sums by team, user or agent, beside the usage table, whose rows they do not multiply. Each dimension is
 * summed by itself, by label, model, feature, context band and service tier; hours are left out, so that a label costs a few
 * rows however long the traffic is.
 *
 * What states no label is in no row: it is what the usage table has more. At most MOST_LABELS labels and MOST_CELLS rows are
 * told apart, those first in an order of their hashes, so that it is the same ones in any order and any split of the traffic;
 * all others are one row each of the label null. Which ones were used most is no part of that choice.
 */
import type { Counts, ServiceTier } from '../meters.ts';
import type { LabelField } from '../trace/request.ts';

/** A kind of usage: what a row of the usage table is for, without its hour. */
export interface LabelKey {
  /** `seller/model` where known, `model` where the trace names no seller; the text that pricing resolves. */
  readonly model: string;
  readonly feature: string;
  /** 0 below the first edge, 1 from the first edge on, and so on. */
  readonly band: number;
  readonly tier: ServiceTier;
}

export interface LabelRow extends LabelKey, Counts {
  /** null: labels that are not told apart. */
  readonly label: string | null;
  readonly requests: number;
}

export interface LabelTable {
  /** By label, null last, then by model, feature, band and tier. */
  readonly rows: readonly LabelRow[];
  /** The first label, in the order of hashes, that is not told apart; absent: all are. */
  readonly beyond?: string;
}

/** Of the dimensions that the traffic states. */
export type Labels = Readonly<Partial<Record<LabelField, LabelTable>>>;

export const MOST_LABELS = 10_000;
export const MOST_CELLS = 200_000;

/** A label is cut to so many characters: those that agree in them are one. */
const MOST_CHARACTERS = 200;

/** As it is summed; a half of a surrogate pair is not left at the end. */
export const labelText = (text: string): string =>
  text.length <= MOST_CHARACTERS ? text : text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '');

/** FNV-1a over UTF-16 units, its bits mixed once more. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** The order in which labels are kept: by hash, then by text. */
export function byHash(a: string, b: string): number {
  const difference = hashOf(a) - hashOf(b);
  return difference !== 0 ? difference : a < b ? -1 : a > b ? 1 : 0;
}
