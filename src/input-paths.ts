/** Paths of the model's inputs that more than one stage knows by name: cost components declare them, analysis varies them. */
import type { CalendarMonth } from './units.ts';

export const VOLUME_PATH = 'traffic.volume.requests_per_month';
/** How busy a calendar month is over an ordinary one. */
export const seasonPath = (month: CalendarMonth): string => `traffic.volume.season.${month}`;

export const HOURLY_RATE_PATH = 'engineering.loaded_rate';

/** Markup on tokens of a gateway. It is an input even where it is 0: "from which markup on" is what people ask. */
export const markupPath = (gateway: string): string => `gateways.${gateway}.fees.token_markup`;

/** The 0/1 input that says whether a strategy builds an optional capability. */
export const buildPath = (strategy: string, capability: string): string =>
  `strategies.${strategy}.builds.${capability}`;

/** The 0/1 input that says whether every strategy needs a capability; a scenario states it in words. */
export const needPath = (capability: string): string => `needs.${capability}`;

/** The level of a seller's contract that a strategy commits to, where it is searched. */
export const commitmentPath = (strategy: string, seller: string): string =>
  `strategies.${strategy}.commitments.${seller}`;
