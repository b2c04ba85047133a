/**
 * The usage table: what was used, as integers. Small, plain JSON and mergeable: it is a sum, so parts add up whatever
 * way a trace was split.
 *
 * Keyed by hour, seller and model, feature, context band and service tier. The band is the index into the model's edges:
 * a price cliff re-prices the whole request, so it has to be a key.
 */
import type { Counts } from '../meters.ts';
import type { Window } from '../trace/request.ts';
import type { LabelKey, Labels } from './labels.ts';

export interface UsageKey extends LabelKey {
  /** Hours since 1970 UTC. */
  readonly hour: number;
}

export interface UsageRow extends UsageKey, Counts {
  readonly requests: number;
}

/** What logs that keep only sums leave open. */
export interface Buckets {
  /** The longest of them, milliseconds. */
  readonly longest_ms: number;
  /** Some of them do not count their requests: `requests` of the table is too small. */
  readonly lacks_requests: boolean;
  /** Some of them do not say how long prompts were: they stand in the lowest band. */
  readonly lacks_prompt_sizes: boolean;
}

export interface UsageTable {
  /** Per model: prompt sizes, in tokens, from which a new price band starts. Tables with different edges do not merge. */
  readonly edges: Readonly<Record<string, readonly number[]>>;
  readonly rows: readonly UsageRow[];
  readonly window: Window | undefined;
  /** Requests that failed and used no token: in no row, since nothing is billed, but in window and minutes. */
  readonly failed_requests: number;
  /** Requests in each minute that had any: minutes since 1970 UTC -> requests. Peaks do not follow from sums. */
  readonly requests_per_minute: ReadonlyMap<number, number>;
  /** There where part of it was read from sums of several requests. */
  readonly buckets?: Buckets;
  /** Who used it, where the traffic says so: teams, users, agents. Not of what policies make of the traffic. */
  readonly labels?: Labels;
  /** Names that are not the price book's own: as written -> what they were taken for and by which rule, in words. */
  readonly resolved_names?: Readonly<Record<string, string>>;
}

const FIRST_DATE_MS = Date.UTC(2000, 0, 1);

/** Whether its times, if it has any, can be dates: relative clocks count from 1970, and no log of language models is older than this. */
export const hasDates = ({ window }: UsageTable): boolean => window === undefined || window.from_ms >= FIRST_DATE_MS;
