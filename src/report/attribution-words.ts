/** Costs by model and feature in words, the same for every format: whose columns stand side by side, how rows are called. */
import type { AttributedCost, ReportAttribution } from './attribution-contract.ts';
import type { Report } from './contract.ts';
import { plural } from './format.ts';

type Dimension = ReportAttribution['by'][number];

export interface AttributionRow {
  readonly name: string;
  readonly requests: number | null;
  readonly costs: readonly AttributedCost[];
}

export const DIMENSION_WORDS: Readonly<Record<Dimension['dimension'], string>> = {
  model: 'By model',
  feature: 'By feature',
};

/** The baseline and the strategy to use; where both are one, the next best beside it. */
export function comparedStrategies({ baseline, recommendation }: Report): string[] {
  const other = recommendation.strategy === baseline ? recommendation.versus : recommendation.strategy;
  return [...new Set([baseline, ...(other === null ? [] : [other])])];
}

/** Dimensions that tell something: features only where the traffic states any. */
export const toldDimensions = ({ by }: ReportAttribution): Dimension[] =>
  by.filter(({ rows }) => rows.some(({ name }) => name !== null));

/** All rows: the largest, all others together, what belongs to no single one. */
export function attributionRows({ dimension, rows, others, not_attributed }: Dimension): AttributionRow[] {
  const isRest = not_attributed.some(({ tokens_usd, fees_usd }) => tokens_usd !== 0 || fees_usd !== 0);
  return [
    ...rows.map(({ name, ...row }) => ({ ...row, name: name ?? 'not stated' })),
    ...(others === undefined
      ? []
      : [{ name: `all others (${plural(others.names, dimension)})`, requests: others.requests, costs: others.costs }]),
    ...(isRest ? [{ name: 'not attributed', requests: null, costs: not_attributed }] : []),
  ];
}

export const costUnder = ({ costs }: AttributionRow, strategy: string): AttributedCost | undefined =>
  costs.find((cost) => cost.strategy === strategy);

/** Token charges and fees together; null: nothing of it has a price. */
export const attributedUsd = ({ tokens_usd, fees_usd }: AttributedCost): number | null =>
  tokens_usd === null || fees_usd === null ? null : tokens_usd + fees_usd;
