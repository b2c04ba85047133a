/**
 * smoke.md: what live calls saw on a page for a pull request or a wiki: verdicts, what failed, differences, errors side by
 * side. Everything that was read is escaped for cells, HTML and links. Exchanges are left to measurements.json.
 */
import { markdownText as md } from '../report/escape.ts';
import { bullets, section, table } from '../report/markdown-blocks.ts';
import type { Comparison } from './compare.ts';
import { sideOf } from './compare-differences.ts';
import type { Finding, Measurements, Verdict } from './contract.ts';
import {
  answerWords,
  bannerWords,
  checkWords,
  differenceSentences,
  differenceValue,
  figureInterval,
  figureWords,
  instantWords,
  intervalWords,
  levelWords,
  type NotRun,
  notRunGroups,
  priceBookWords,
  QUANTITY_WORDS,
  runWords,
  shapeWords,
  shortened,
  spentWords,
  standingWords,
  titleWords,
  usedPriceWords,
  VERDICT_WORDS,
} from './words.ts';

const MOST_CHARACTERS = 400;
const MOST_FIGURES = 400;
const MARK: Record<Verdict, string> = { pass: 'pass', fail: '**fail**', not_supported: '–', not_run: 'not run' };

export function renderMarkdown(found: Measurements, comparison: Comparison): string {
  return `${[
    `# ${md(titleWords(found, comparison))}`,
    '',
    ...bannerWords(found).flatMap((words) => [`> **${words}**`, '']),
    `**${md(answerWords(comparison))}.** ${md(runWords(found))}`,
    '',
    ...list(comparison.standings.map(standingWords).map(md)),
    ...section('Checks', checks(comparison)),
    ...section('What failed', list(comparison.failures.map(findingLine))),
    ...section('Not run', list(notRunGroups(comparison.not_run).map(notRunLine))),
    ...section(`Differences against ${md(comparison.baseline?.id ?? 'the baseline')}`, differences(comparison)),
    ...section('Errors side by side', errors(comparison)),
    ...section('Routes', routes(comparison)),
    ...section('All figures', figures(comparison)),
    ...section('The run', [
      ...bullets(
        [
          `${instantWords(found.started_at)} to ${instantWords(found.ended_at)} UTC`,
          `Tollgate ${found.tollgate}, Node ${found.node}, seed ${found.seed}`,
          spentWords(found),
          priceBookWords(found),
          ...usedPriceWords(found).map((one) => `Price of ${one}`),
        ].map(md),
      ),
      '',
    ]),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

const list = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : [...bullets(lines), '']);

const heads = ({ targets, baseline }: Comparison): string[] =>
  targets.map(({ id }) => (id === baseline?.id ? `${md(id)} (baseline)` : md(id)));

function checks(comparison: Comparison): string[] {
  const { rows, targets } = comparison;
  if (rows.length === 0) return [];
  return [
    ...table(
      ['Check', ...heads(comparison)],
      `l${'l'.repeat(targets.length)}`,
      rows.map(({ check, cells }) => [
        `${checkWords(check)}${cells.some((cell) => cell?.required) ? ' (required)' : ''}`,
        ...cells.map((cell) => (cell === undefined ? '' : MARK[cell.verdict])),
      ]),
    ),
    `–: ${VERDICT_WORDS.not_supported}: the route or its API has no such thing.`,
    '',
  ];
}

const findingLine = ({ target, check, seen, required }: Finding): string =>
  `**${md(target)}**, ${checkWords(check)}${required ? ' (required)' : ''}: ${md(shortened(seen, MOST_CHARACTERS))}`;

const notRunLine = ({ target, checks, seen }: NotRun): string =>
  `**${md(target)}**, ${checks}: ${md(shortened(seen, MOST_CHARACTERS))}`;

function differences(comparison: Comparison): string[] {
  const { differences: all, baseline } = comparison;
  if (all.length === 0) return [];
  return [
    ...list(differenceSentences(comparison).map(md)),
    ...table(
      [
        'What',
        'Route',
        'Difference',
        '95% interval',
        'Route’s own',
        `That of ${md(baseline?.id ?? 'the baseline')}`,
        'Samples',
        '',
      ],
      'llrrrrrl',
      all.map((one) => [
        QUANTITY_WORDS[one.quantity],
        md(one.target),
        differenceValue(one),
        intervalWords(one),
        levelWords(one.quantity, one.own),
        levelWords(one.quantity, one.baseline),
        String(one.samples),
        sideOf(one) === 'open' ? 'can’t be told apart' : '',
      ]),
    ),
  ];
}

function errors(comparison: Comparison): string[] {
  if (comparison.errors.length === 0) return [];
  return table(
    ['Asked with', ...heads(comparison)],
    `l${'l'.repeat(comparison.targets.length)}`,
    comparison.errors.map(({ asked, shapes }) => [
      asked,
      ...shapes.map((shape) =>
        shape === undefined
          ? 'not asked'
          : `${md(shapeWords(shape))}${shape.is_as_baseline === false ? ' (**other shape**)' : ''}`,
      ),
    ]),
  );
}

const routes = ({ targets, skipped }: Comparison): string[] =>
  targets.length + skipped.length === 0
    ? []
    : table(
        ['Route', 'Kind', 'Model', 'Address', ''],
        'lllll',
        [...targets, ...skipped].map((one) => [
          md(one.id),
          one.kind.replaceAll('_', ' '),
          md(one.model),
          md(one.base_url),
          one.skipped === null ? (one.is_baseline ? 'baseline' : '') : `skipped: ${md(one.skipped)}`,
        ]),
      );

function figures({ rows }: Comparison): string[] {
  const all = rows.flatMap(({ cells }) => cells.flatMap((cell) => cell?.figures.map((one) => ({ cell, one })) ?? []));
  if (all.length === 0) return [];
  return [
    ...table(
      ['Figure', 'Route', 'Value', 'Interval', 'Samples', 'How'],
      'llrrrl',
      all
        .slice(0, MOST_FIGURES)
        .map(({ cell, one }) => [
          md(one.name),
          md(cell.target),
          md(figureWords(one)),
          md(figureInterval(one)),
          String(one.samples),
          md(shortened(one.how, 120)),
        ]),
    ),
    ...(all.length > MOST_FIGURES ? [`And ${all.length - MOST_FIGURES} more in measurements.json.`, ''] : []),
  ];
}
