/**
 * The recommendation: the least net present economic cost among the alternatives that may be ranked, and whether cash
 * alone would say otherwise.
 *
 * Not ranked: what a constraint excludes or the scenario keeps out. Where any other alternative has usage without a price
 * there is no recommendation at all: what is unknown could be the cheapest. A phased alternative contains its own phases as
 * special cases, so it has to beat the best of them by the scenario's materiality (2 % by default) to be named instead.
 */
import { isMaterial, MATERIALITY } from './materiality.ts';

export interface Candidate {
  readonly id: string;
  readonly npv_usd: number | null;
  readonly cash_npv_usd: number | null;
  readonly isExcluded: boolean;
  /** Strategies that a phased alternative or a searched split is made of; empty for others. */
  readonly phases: readonly string[];
}

export interface Recommendation {
  readonly strategy: string;
  /** The baseline, or the next best where the baseline itself is recommended; null where there is nothing to compare with. */
  readonly versus: string | null;
  readonly saving_usd: number | null;
  readonly next_best: string | null;
  /** By how much the next best is dearer. */
  readonly margin_usd: number | null;
  readonly cash_only_strategy: string | null;
  /** A phased alternative that is cheaper, but not by enough. */
  readonly immaterial: string | null;
}

/** undefined where nothing can be recommended. */
export function recommend(
  candidates: readonly Candidate[],
  baseline: string,
  materiality = MATERIALITY,
): Recommendation | undefined {
  const ranked = candidates.filter((candidate) => !candidate.isExcluded);
  if (ranked.length === 0 || ranked.some((candidate) => candidate.npv_usd === null)) return undefined;
  const order = [...ranked].sort((a, b) => a.npv_usd! - b.npv_usd!);
  const { chosen, immaterial } = material(order, materiality);
  const next = order[order.indexOf(chosen) + 1] ?? null;
  const reference = chosen.id === baseline ? next : (ranked.find((candidate) => candidate.id === baseline) ?? next);
  const difference = (other: Candidate | null): number | null =>
    other === null ? null : other.npv_usd! - chosen.npv_usd!;
  const byCash = ranked
    .filter((candidate) => candidate.cash_npv_usd !== null)
    .sort((a, b) => a.cash_npv_usd! - b.cash_npv_usd!);
  return {
    strategy: chosen.id,
    versus: reference?.id ?? null,
    saving_usd: difference(reference),
    next_best: next?.id ?? null,
    margin_usd: difference(next),
    cash_only_strategy: byCash[0]?.id ?? null,
    immaterial,
  };
}

function material(order: readonly Candidate[], materiality: number): { chosen: Candidate; immaterial: string | null } {
  const isNamed = (one: Candidate): boolean => {
    const simplest = order.find((candidate) => one.phases.includes(candidate.id));
    return simplest === undefined || isMaterial(one.npv_usd!, simplest.npv_usd!, materiality);
  };
  const best = order[0]!;
  const chosen = order.find(isNamed)!;
  return { chosen, immaterial: chosen === best ? null : best.id };
}
