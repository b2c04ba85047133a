/**
 * Costs by model, feature, team, user and agent in words, the same for every format: whose columns stand side by side, how rows
 * are called, what the traffic does not tell.
 */
import type { AttributedCost, ReportAttribution } from './attribution-contract.ts';
import type { Report } from './contract.ts';
import { listed, plural } from './format.ts';

type Dimension = ReportAttribution['by'][number];

export interface AttributionRow {
  readonly name: string;
  readonly requests: number | null;
  readonly tokens?: number | null | undefined;
  readonly costs: readonly AttributedCost[];
}

export const DIMENSION_WORDS: Readonly<Record<Dimension['dimension'], string>> = {
  model: 'By model',
  feature: 'By feature',
  team: 'By team',
  user: 'By user',
  agent: 'By agent',
};

/** `What each model, feature and team costs`. */
export function attributionTitle({ by }: ReportAttribution): string {
  const names = listed(by.map(({ dimension }) => dimension));
  return `What each ${names} costs`;
}

export const ATTRIBUTION_LEAD =
  'Tokens with their share of gateway fees, contracts and credits, over the whole horizon, in US dollars. Engineering, infrastructure and value lost are not shared out.';

/** The baseline and the strategy to use; where both are one, the next best beside it. */
export function comparedStrategies({ baseline, recommendation }: Report): string[] {
  const other = recommendation.strategy === baseline ? recommendation.versus : recommendation.strategy;
  return [...new Set([baseline, ...(other === null ? [] : [other])])];
}

/** Dimensions that tell something: features only where the traffic states any. */
export const toldDimensions = ({ by }: ReportAttribution): Dimension[] =>
  by.filter(({ rows }) => rows.some(({ name }) => name !== null));

/** What the traffic does not state, and what would bring it; undefined: it states all, or the report is older. */
export function lacksInWords({ lacks = [] }: ReportAttribution): string | undefined {
  if (lacks.length === 0) return undefined;
  const column = lacks.length === 1 ? 'a column' : 'columns';
  return `Not told: costs by ${listed(lacks.map(({ dimension }) => dimension))}. The traffic states none; ${column} ${listed(
    lacks.map((one) => `"${one.column}"`),
  )} of the trace, or of its mapping, would bring ${lacks.length === 1 ? 'it' : 'them'}.`;
}

/** All rows: the largest, all others together, what belongs to no single one. */
export function attributionRows({ dimension, rows, others, not_attributed }: Dimension): AttributionRow[] {
  const isRest = not_attributed.some(({ tokens_usd, fees_usd }) => tokens_usd !== 0 || fees_usd !== 0);
  return [
    ...rows.map(({ name, ...row }) => ({ ...row, name: name ?? 'not stated' })),
    ...(others === undefined ? [] : [{ ...others, name: `all others (${othersInWords(others, dimension)})` }]),
    ...(isRest ? [{ name: 'not attributed', requests: null, costs: not_attributed }] : []),
  ];
}

function othersInWords({ names, and_more = false }: NonNullable<Dimension['others']>, dimension: string): string {
  const known = plural(names, dimension);
  if (!and_more) return known;
  return names === 0 ? `${dimension}s that are not told apart` : `${known}, and those that are not told apart`;
}

export const costUnder = ({ costs }: AttributionRow, strategy: string): AttributedCost | undefined =>
  costs.find((cost) => cost.strategy === strategy);

/** Token charges and fees together; null: nothing of it has a price. */
export const attributedUsd = ({ tokens_usd, fees_usd }: AttributedCost): number | null =>
  tokens_usd === null || fees_usd === null ? null : tokens_usd + fees_usd;
