/**
 * What a check is: what it asks, what it may spend, and how it judges. A check sees a target through a probe, which makes
 * its calls, keeps them as evidence and pays for them; it never throws for what a target does.
 *
 * A check that a target can't be put to says not_supported and why; one that fails says what was seen and what was expected.
 */
import type { CheckId, Figure, Verdict } from '../measurements/contract.ts';
import type { Asked, Dialect, Told } from './dialect.ts';
import type { Exchange } from './exchange.ts';
import type { Target } from './target.ts';

/** An exchange, read in the target's dialect. */
export interface Seen {
  /** Id of the evidence. */
  readonly id: string;
  readonly exchange: Exchange;
  readonly told: Told;
  /** Computed from what was told and the price book; undefined: unpriced, or usage is not known. */
  readonly computed_usd: number | undefined;
}

export interface Probe {
  readonly target: Target;
  readonly dialect: Dialect;
  /** Asks once. Throws a CapReached where the cap leaves nothing for it. */
  readonly ask: (asked: Asked) => Promise<Seen>;
  /** Waits, on the clock of the run. */
  readonly wait: (ms: number) => Promise<void>;
  /** In [0, 1), seeded. */
  readonly random: () => number;
  /** Round of a check that goes over all targets in turn. */
  readonly round: number | undefined;
  /** All that was seen of the target in this run so far, by this check and by those before it. */
  readonly earlier: () => readonly Seen[];
}

export interface Judged {
  readonly verdict: Verdict;
  readonly seen: string;
  readonly figures?: readonly Figure[];
  /** Exchanges that it rests on. */
  readonly evidence: readonly Seen[];
}

/** A check on one target at a time. */
export interface TargetCheck {
  readonly id: CheckId;
  /** What it asks, for the plan and the docs. */
  readonly asks: string;
  /** Whether it is run unless it is named under `only`. */
  readonly byDefault: boolean;
  /** The requests that it makes at most, for the plan and the reservation. */
  readonly plan: (target: Target) => readonly Asked[];
  readonly run: (probe: Probe) => Promise<Judged>;
}

/** A check that goes over all targets in turn, round by round, so that what changes with time hits all alike. */
export interface PairedCheck {
  readonly id: CheckId;
  readonly asks: string;
  readonly byDefault: boolean;
  /** How many rounds it takes of those that were asked for. */
  readonly rounds: (asked: number) => number;
  /** The requests of one round. */
  readonly plan: (target: Target, round: number) => readonly Asked[];
  /** One target's part of one round. */
  readonly round: (probe: Probe) => Promise<readonly Seen[]>;
  /** From all rounds: of the target, and of the baseline, round by round; undefined where one has none. */
  readonly judge: (
    own: readonly (readonly Seen[])[],
    baseline: readonly (readonly Seen[])[] | undefined,
    target: Target,
  ) => Judged;
}

export const isPaired = (check: TargetCheck | PairedCheck): check is PairedCheck => 'judge' in check;
