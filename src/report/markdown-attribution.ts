/** Costs by model, feature, team, user and agent for report.md: the largest few of each, the baseline beside the strategy to use. */
import {
  attributedUsd,
  attributionRows,
  comparedStrategies,
  costUnder,
  DIMENSION_WORDS,
  lacksInWords,
  toldDimensions,
} from './attribution-words.ts';
import type { Report } from './contract.ts';
import { markdownText as md } from './escape.ts';
import { plural, roughly, UNKNOWN } from './format.ts';
import { roughUsd } from './known-digits.ts';
import { table } from './markdown-blocks.ts';

const MOST_LINES = 6;

/** Tables without a heading of their own; nothing where the report attributes nothing. */
export function attributionLines(report: Report): string[] {
  if (report.attribution === undefined) return [];
  const strategies = comparedStrategies(report);
  const lacks = lacksInWords(report.attribution);
  const words = (row: Parameters<typeof costUnder>[0], id: string): string => {
    const cost = costUnder(row, id);
    if (cost === undefined) return '–';
    const usd = attributedUsd(cost);
    return usd === null ? UNKNOWN : `${cost.unpriced ? 'at least ' : ''}${roughUsd(usd)}`;
  };
  return [
    'Tokens with their share of gateway fees, contracts and credits, over the whole horizon; other costs are not shared out.',
    '',
    ...toldDimensions(report.attribution).flatMap((dimension) => {
      const rows = attributionRows(dimension);
      const further = rows.length - MOST_LINES;
      return [
        ...table(
          [DIMENSION_WORDS[dimension.dimension], 'Requests', ...strategies.map(md)],
          `lr${'r'.repeat(strategies.length)}`,
          rows
            .slice(0, MOST_LINES)
            .map((row) => [
              md(row.name),
              row.requests === null ? '–' : roughly(row.requests),
              ...strategies.map((id) => words(row, id)),
            ]),
        ),
        ...(further > 0 ? [`${plural(further, 'row')} more in report.html and report.json.`, ''] : []),
      ];
    }),
    ...(lacks === undefined ? [] : [md(lacks), '']),
  ];
}
