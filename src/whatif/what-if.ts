/**
 * What a page needs to work a report out again while somebody moves a driver: plain JSON, made by build.ts and read by
 * recompute.ts, and what comes of it. Types alone; nothing here looks anything up.
 *
 * Values are in the units of the model's inputs: shares are fractions, money is dollars. `Driver.unit` is how that is shown.
 */
import type { Committable } from '../analysis/best-contract.ts';
import type { Recommendation } from '../analysis/recommendation.ts';
import type { Capability } from '../capabilities.ts';
import type { OutageRenewal } from '../conditions/outage-renewal.ts';
import type { InputGroup } from '../input-words.ts';
import type { Model, Ref } from '../model/model.ts';
import type { CorrelationMethod } from '../sampling/correlate.ts';
import type { RankCorrelation } from '../sampling/read-correlations.ts';

/** Everything that recomputing takes. */
export interface WhatIf {
  /** As prepared, with every input that somebody may move; sources and formulas of lines are left out. */
  readonly model: Model;
  /** First month, `2026-12`. */
  readonly start: string;
  /** As the scenario names it. */
  readonly baseline: string;
  /** Share of the cost by which a searched alternative has to beat its simplest special case. */
  readonly materiality: number;
  /** In the order of every result. */
  readonly alternatives: readonly WhatIfAlternative[];
  readonly decisions: Decisions;
  /** What gets a slider or a switch, most telling first. */
  readonly drivers: readonly Driver[];
  /** What can't be varied without measuring or searching again. */
  readonly held: readonly { readonly what: string; readonly why: string }[];
  readonly draws: Drawing;
}

export interface WhatIfAlternative {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  /** Why a constraint rules it out. */
  readonly excluded?: string;
  /** A searched split that sends everything one way: the strategy that it comes to. Change-overs are told by each run. */
  readonly comes_to?: string;
  /** As what the scenario keeps it out of the ranking. */
  readonly unranked?: string;
  /** Part of its usage has no price. */
  readonly is_unpriced: boolean;
  /** Strategies that it is made of: phases, or the ways of a searched split. */
  readonly phases: readonly string[];
  /** Gateways that its tokens pass, by way of its parts too. */
  readonly gateways: readonly string[];
  /** Volume of an ordinary month up to which its prices are published, all else as in the scenario. */
  readonly most_requests_per_month?: number;
}

/** What is decided at the values that hold, each time that they change. */
export interface Decisions {
  /** Slots of 0/1 inputs: whether a strategy builds what it may do without. */
  readonly builds: readonly {
    readonly strategy: string;
    readonly capability: Capability;
    readonly slot: number;
    /** The input that makes it required whatever it costs. */
    readonly need_slot: number;
  }[];
  /** Contracts whose level is searched. */
  readonly contracts: readonly Committable[];
  /** Phased alternatives with a searched change-over: months of each phase, null for the last. */
  readonly switches: readonly { readonly strategy: string; readonly lengths: readonly (number | 'best' | null)[] }[];
  /** Volumes past which no price is published. */
  readonly limits: readonly {
    readonly strategy: string;
    readonly ref: Ref;
    readonly most: number;
    readonly message: string;
  }[];
}

/** What draws take beside the model. */
export interface Drawing {
  readonly seed: number;
  /** By component: how its outages come. */
  readonly outages: Readonly<Record<string, OutageRenewal>>;
  readonly correlations: readonly RankCorrelation[];
  readonly correlate_by?: CorrelationMethod;
}

export interface Driver {
  /** Path of the model's input: the scenario's own path where `settable`. */
  readonly path: string;
  readonly label: string;
  readonly group: InputGroup;
  /** As shown: `USD/hour`, `request/month`; `1` for a bare number, `fraction`, `fraction/month` for shares. */
  readonly unit: string;
  /** A switch is 0 or 1. */
  readonly kind: 'number' | 'switch';
  readonly central: number;
  readonly least: number;
  readonly most: number;
  /** What the scenario's contract allows at all; may be typed, beyond the range of a slider. */
  readonly lowest: number;
  readonly highest: number;
  readonly scale: 'linear' | 'log';
  readonly source: string;
  /** One plain sentence for who decides. */
  readonly plain: string;
  /** Whether `--set` takes this path. */
  readonly settable: boolean;
  /** Where `--set` has to name a part of the path: a need that is written with what its absence costs. */
  readonly set_path?: string;
  /** What `--set` takes for 0 and for 1, where that is no number. */
  readonly words?: readonly [off: string, on: string];
}

/** Driver path -> value. What is not named stays at its central value. */
export type Settings = Readonly<Record<string, number>>;

export type Choice =
  | {
      readonly decision: 'build';
      readonly subject: Capability;
      readonly is_built: boolean;
      /** Against its opposite, USD. */
      readonly saves_usd: number;
    }
  /** `subject` is the strategy changed over to; `month` counts from 0, the horizon means never. */
  | { readonly decision: 'change_over'; readonly subject: string; readonly month: number }
  /** `subject` is the seller. */
  | { readonly decision: 'commitment'; readonly subject: string; readonly usd_per_month: number };

export interface OutcomeAlternative {
  readonly id: string;
  /** null: part of its usage has no price. */
  readonly npv_usd: number | null;
  readonly cash_npv_usd: number | null;
  /** Undiscounted, economic, by month; start lines in the first month of their window. */
  readonly monthly_usd: readonly number[];
  /** Undiscounted sums over the horizon. */
  readonly by_component: Readonly<Record<string, number>>;
  readonly choices: readonly Choice[];
  readonly excluded: string | undefined;
  /** The one strategy that it comes to at these values; shown, not ranked. */
  readonly comes_to: string | undefined;
  readonly unranked: string | undefined;
}

export interface Outcome {
  readonly alternatives: readonly OutcomeAlternative[];
  /** undefined: nothing can be recommended. */
  readonly recommendation: Recommendation | undefined;
}

/** How sure an outcome is, by draws. */
export interface OutcomeUncertainty {
  readonly draws: number;
  readonly strategies: readonly {
    readonly id: string;
    /** Share of draws in which it alone is the cheapest. */
    readonly cheapest_fraction: number;
    /** Share of draws in which it is the cheapest together with others. */
    readonly tied_fraction: number;
    readonly mean_usd: number;
    readonly p5_usd: number;
    readonly p50_usd: number;
    readonly p95_usd: number;
  }[];
}
