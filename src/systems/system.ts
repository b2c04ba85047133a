/**
 * What is known of one system by its name: the shape that the table, a page of one system, JSON and docs/systems.md share.
 *
 * Everything in it is derived from the price book, the adapters and beside-the-book.ts; nothing is stated here.
 */
import type { Capability } from '../capabilities.ts';

/** In the order of the table. */
export const SYSTEM_KINDS = [
  'provider',
  'managed gateway',
  'self-hosted gateway',
  'router',
  'local',
  'client',
  'observability',
] as const;
export type SystemKind = (typeof SYSTEM_KINDS)[number];

/** One reading of the fees: as the schedule has them, or as another dated source does. */
export interface FeeReading {
  /** `listed`, or what a strategy writes as `fee_variant`. */
  readonly id: string;
  readonly as_of: string;
  readonly confidence: string;
  readonly source: string | null;
  readonly fees: readonly string[];
}

export interface PriceRow {
  readonly model: string;
  readonly input_usd_per_mtok: number | null;
  readonly cache_read_usd_per_mtok: number | null;
  readonly output_usd_per_mtok: number | null;
  /** Service tiers that have prices of their own. */
  readonly tiers: readonly string[];
  readonly as_of: string;
  readonly confidence: string;
}

export interface WayIn {
  /** As a target names it: `alibaba`, `alibaba@us`. */
  readonly way: string;
  /** null: no public address; `asks` holds the question. */
  readonly base_url: string | null;
  readonly api: string;
  /** null: it needs no key. */
  readonly key_env: string | null;
  readonly asks: readonly string[];
  readonly reports_cost: string | null;
  readonly supports: readonly string[];
  readonly as_of: string;
  readonly confidence: string;
  readonly source: string;
  readonly note: string | null;
}

export interface TraceFormat {
  readonly format: string;
  readonly title: string;
}

/** Lines that run as they stand; null: there is nothing to write, and `instead` says what there is. */
export interface Snippet {
  readonly lines: readonly string[] | null;
  readonly instead: string | null;
}

export interface System {
  readonly id: string;
  readonly name: string;
  readonly kinds: readonly SystemKind[];
  readonly also_called: readonly string[];
  readonly what: string | null;
  readonly fees: readonly FeeReading[];
  /** What is given once, at signup. */
  readonly credits: readonly string[];
  /** Which of sellers' discounts reach who pays the gateway. */
  readonly discounts: readonly string[];
  readonly running_it: readonly string[];
  /** null: the question does not arise, as for a provider. */
  readonly capabilities: {
    readonly brought: readonly Capability[];
    readonly not_brought: readonly Capability[];
    readonly not_known: readonly Capability[];
  } | null;
  readonly prices: readonly PriceRow[];
  readonly outages: string | null;
  /** Where data is kept, who may sign up, how one pays; only what is known. */
  readonly terms: readonly string[];
  readonly access: readonly WayIn[];
  readonly trace_formats: readonly TraceFormat[];
  readonly verified: string;
  readonly confidence: string;
  /** Oldest and newest date of its figures. */
  readonly as_of: { readonly oldest: string; readonly newest: string } | null;
  readonly sources: readonly string[];
  readonly unverified: readonly string[];
  readonly notes: readonly string[];
  readonly use: {
    readonly scenario: Snippet;
    readonly router: Snippet;
    readonly smoke: Snippet;
    /** Code that points a client at the router. */
    readonly code: Snippet | null;
  };
}
