/**
 * What was searched for a strategy, held against its simplest special case: a change-over against staying with the better
 * of its phases alone, a commitment against none. Tells how much it saves, whether that is material, and how flat the
 * optimum is: over which values the cost stays within the materiality of the least. Decides nothing.
 */
import type { BestContract } from './best-contract.ts';
import type { BestSwitch } from './best-switch.ts';
import { isMaterial } from './materiality.ts';

export interface BestDecision {
  readonly decision: 'change_over' | 'commitment';
  /** Position of the phase that ends, or the seller that is committed to. */
  readonly subject: number | string;
  readonly unit: 'month' | 'USD/month';
  readonly value: number;
  readonly npv_usd: number;
  /** The strategy that is its simplest special case; the strategy itself for a commitment of 0. */
  readonly simplest: string;
  readonly simplest_npv_usd: number;
  readonly is_material: boolean;
  /** Neighbouring values tried, around the best, whose cost stays within the materiality of the least. */
  readonly flat: { readonly from: number; readonly until: number };
  readonly tried: readonly { readonly value: number; readonly npv_usd: number }[];
}

export interface Searched {
  readonly switches: readonly BestSwitch[];
  readonly contracts: readonly BestContract[];
}

/** @param phases the single strategies that a phased one is made of, with their costs; empty for others */
export function bestDecisions(
  id: string,
  { switches, contracts }: Searched,
  phases: readonly { readonly id: string; readonly npv_usd: number }[],
  materiality: number,
): BestDecision[] {
  const alone = phases.reduce<(typeof phases)[number] | undefined>(
    (best, one) => (best === undefined || one.npv_usd < best.npv_usd ? one : best),
    undefined,
  );
  const weigh = (
    own: Pick<BestDecision, 'decision' | 'subject' | 'unit' | 'value' | 'tried'>,
    simplest: { readonly id: string; readonly npv_usd: number },
  ): BestDecision => {
    const { npv_usd } = own.tried.find(({ value }) => value === own.value)!;
    return {
      ...own,
      npv_usd,
      simplest: simplest.id,
      simplest_npv_usd: simplest.npv_usd,
      is_material: isMaterial(npv_usd, simplest.npv_usd, materiality),
      flat: flatAround(own, npv_usd + materiality * Math.abs(npv_usd)),
    };
  };
  return [
    ...switches
      .filter(({ strategy }) => strategy === id)
      .map(({ phase, month, tried }) =>
        weigh(
          {
            decision: 'change_over',
            subject: phase,
            unit: 'month',
            value: month,
            tried: tried.map((one) => ({ value: one.month, npv_usd: one.npv_usd })),
          },
          alone!,
        ),
      ),
    ...contracts
      .filter(({ strategy }) => strategy === id)
      .map(({ seller, commitment_usd, tried }) =>
        weigh(
          {
            decision: 'commitment',
            subject: seller,
            unit: 'USD/month',
            value: commitment_usd,
            tried: tried.map((one) => ({ value: one.commitment_usd, npv_usd: one.npv_usd })),
          },
          { id, npv_usd: tried[0]!.npv_usd },
        ),
      ),
  ];
}

function flatAround({ value, tried }: Pick<BestDecision, 'value' | 'tried'>, most_usd: number): BestDecision['flat'] {
  const best = tried.findIndex((one) => one.value === value);
  let [low, high] = [best, best];
  while (low > 0 && tried[low - 1]!.npv_usd <= most_usd) low -= 1;
  while (high < tried.length - 1 && tried[high + 1]!.npv_usd <= most_usd) high += 1;
  return { from: tried[low]!.value, until: tried[high]!.value };
}
