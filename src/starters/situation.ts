/**
 * What a situation brings to a first scenario: made-up traffic, needs, and blocks of its own. Figures of traffic are assumptions
 * of this project and are written down as such; `tollgate trace inspect` on a log of one's own replaces them.
 */
import type { Capability } from '../capabilities.ts';

export interface Situation {
  readonly id: string;
  readonly title: string;
  /** In a few words, for a list to choose from. */
  readonly summary: string;
  readonly question: string;
  readonly horizon_months: number;
  /** Of the price book; a class names one by its position. */
  readonly models: readonly string[];
  readonly requests_per_month: number;
  /** Upper end of an even range that begins at 0 [%/month]. */
  readonly growth_at_most_percent: number;
  readonly gateways: readonly string[];
  readonly classes: readonly StarterClass[];
  /** What an answered request is worth, as an amount. */
  readonly value_per_request: string;
  readonly needs: readonly StarterNeed[];
  /** Outages lose nothing here: work that fails is done again. */
  readonly is_deferrable?: true;
  /** A client library with retries and fallback is a rival of gateways here. */
  readonly has_library?: true;
  /** A parting of models between direct access and the first gateway is worth searching. */
  readonly has_split?: true;
  readonly change_first: string;
  readonly own?: (context: StarterContext) => OwnBlocks;
}

export interface StarterNeed {
  readonly capability: Capability;
  readonly need: 'required' | 'optional';
  readonly why?: string;
}

export interface StarterClass {
  readonly feature: string;
  readonly share: number;
  /** Position among the situation's models, or a model that no answer replaces. */
  readonly model: number | string;
  readonly input_tokens: Lengths;
  readonly output_tokens: Lengths;
  readonly cache_read_share?: number;
  readonly hours?: keyof typeof HOURS;
}

export interface Lengths {
  readonly p50: number;
  readonly p95: number;
}

/** What is known when a scenario's text is made. */
export interface StarterContext {
  /** Models of the price book, the busiest first. */
  readonly models: readonly string[];
  /** The first managed gateway, if one is weighed. */
  readonly gateway: string | undefined;
  /** Of made-up traffic; those of a trace are `found`. */
  readonly has_trace: boolean;
  readonly found_features: readonly string[];
}

/** Lines of YAML, not indented. */
export interface OwnBlocks {
  /** Under `traffic`. */
  readonly traffic?: readonly string[];
  /** Under `traffic.volume`, after volume and growth. */
  readonly volume?: readonly string[];
  readonly top?: readonly string[];
  /** Members of `gateways`. */
  readonly gateways?: readonly string[];
  /** Members of `strategies`, after the others. */
  readonly strategies?: readonly string[];
  /** In place of `direct`. */
  readonly baseline?: string;
}

/** Weights of the hours of a day, UTC. */
export const HOURS = {
  office: [1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 11, 12, 14, 13, 11, 8, 6, 4, 3, 2, 2, 1],
  night: [6, 6, 6, 6, 4, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 4, 6, 6],
  shanghai: [8, 12, 14, 14, 10, 12, 14, 14, 13, 10, 6, 5, 5, 5, 4, 3, 1, 1, 1, 1, 1, 1, 2, 4],
} as const;

export const sellerOf = (model: string): string => model.slice(0, model.indexOf('/'));
