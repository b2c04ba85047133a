/**
 * `commitment_usd_per_month: best`: the level of a seller's contract at which a strategy's net present cost is least, each
 * strategy for itself, at the volume of each month that central values give.
 *
 *   cost(c) is piecewise linear in c, so its least lies at a kink: at 0, at (1 - discount) x the spend of some month of the
 *   term, or where a credit runs out. Each is appraised; with steps the steps on both sides of each.
 *
 * Example: 100 and 200 USD in two months at 60 % off: 80 a month, 160 USD in place of 300. Without credits this is the
 * newsvendor of best-commitment.ts over discounted months. Of ties the smallest level. Decided once; break-even and sweeps
 * hold it. Not modelled: the windows of phased strategies, which take the level that is best for the whole horizon.
 */
import { costOf, targetsOf } from '../appraise.ts';
import { commitmentPath } from '../input-paths.ts';
import { Machine } from '../model/machine.ts';
import type { Line, Model } from '../model/model.ts';
import { stepsBeside } from './best-commitment.ts';
import { firstLeast } from './materiality.ts';

export interface BestContract {
  readonly strategy: string;
  readonly seller: string;
  readonly commitment_usd: number;
  /** Net present cost of the strategy at each level, rising; the first level is 0. */
  readonly tried: readonly { readonly commitment_usd: number; readonly npv_usd: number }[];
}

export interface Committable {
  readonly seller: string;
  readonly step_usd: number | undefined;
}

/** Decides the level of each seller in each strategy and writes it into the model as a central value. */
export function chooseContracts(model: Model, sellers: readonly Committable[]): BestContract[] {
  return model.strategies.flatMap(({ id }, position) =>
    sellers.flatMap(({ seller, step_usd }): BestContract[] => {
      const path = commitmentPath(id, seller);
      const slot = model.inputs.findIndex((input) => input.path === path);
      if (slot < 0) return [];
      const machine = new Machine(model, [slot], targetsOf(model, [position]));
      const tried = levelsTried(machine, position, slot, step_usd);
      const { commitment_usd } = tried[firstLeast(tried.map((one) => one.npv_usd))]!;
      model.inputs[slot] = {
        ...model.inputs[slot]!,
        central: commitment_usd,
        spec: { is: 'point', value: commitment_usd },
      };
      return [{ strategy: id, seller, commitment_usd, tried }];
    }),
  );
}

/** Levels that may be the best and what each costs, at the machine's present inputs; leaves it at one of them. */
export function levelsTried(
  machine: Machine,
  position: number,
  slot: number,
  step: number | undefined,
): BestContract['tried'] {
  const probe = (level: number): Probe => {
    machine.set(slot, level);
    machine.run();
    return { commitment_usd: level, npv_usd: costOf(machine, position), signature: machine.signature() };
  };
  const months = kinksByMonth(machine, position, slot);
  const kinks = [...months, ...months.slice(1).flatMap((high, i) => kinksWithin(probe, months[i]!, high))];
  const wanted = step === undefined ? kinks : [0, ...kinks.flatMap((kink) => stepsBeside(kink, step))];
  return rising(wanted).map((level) => {
    const { commitment_usd, npv_usd } = probe(level);
    return { commitment_usd, npv_usd };
  });
}

const rising = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

interface Probe {
  readonly commitment_usd: number;
  readonly npv_usd: number;
  readonly signature: number;
}

/** 0, and the level that each month of the term would just use up. */
function kinksByMonth(machine: Machine, position: number, slot: number): number[] {
  const { model } = machine;
  const ofSlot = (line: Line): boolean => {
    const def = line.inputs.commitment && model.defs[line.inputs.commitment.ref];
    return def?.is === 'input' && def.slot === slot;
  };
  const own = model.strategies[position]!.lines.map((index) => model.lines[index]!).filter(ofSlot);
  return rising([
    0,
    ...own.flatMap(({ inputs: { spend, discount, in_term } }) =>
      Array.from({ length: model.months }, (_, month) => {
        const counts = in_term === undefined || machine.value(in_term.ref, month) > 0;
        return counts ? machine.value(spend!.ref, month) * (1 - machine.value(discount!.ref)) : 0;
      }),
    ),
  ]);
}

/** Narrower than this share of a stretch, kinks are taken as one. */
const CLOSED = 1e-9;

/** Kinks between two levels that no month accounts for: where the branches taken differ, the stretch is halved. */
function kinksWithin(probe: (level: number) => Probe, low: number, high: number): number[] {
  const inset = CLOSED * (high - low);
  const search = (a: Probe, b: Probe): number[] => {
    if (a.signature === b.signature) return [];
    if (b.commitment_usd - a.commitment_usd <= 2 * inset) return [a.commitment_usd, b.commitment_usd];
    const middle = probe((a.commitment_usd + b.commitment_usd) / 2);
    return [...search(a, middle), ...search(middle, b)];
  };
  return search(probe(low + inset), probe(high - inset));
}
