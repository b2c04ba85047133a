/**
 * The first 40 lines of report.md: the same answer, stake, strategies, curve, drivers, changes, data and caveats as on a
 * terminal, as a table and bullets. Takes the report, gives Markdown without HTML; the details follow in markdown.ts.
 */
import { answerSentence, basisSentence, cashSentence, horizonWords } from './answer.ts';
import type { Report } from './contract.ts';
import { markdownText as md } from './escape.ts';
import {
  caveatsSentence,
  changeSentence,
  claimsSentence,
  dataSentence,
  measureSentence,
  runningDifference,
  stakeSentence,
  strategyRows,
  strongestDrivers,
  sureWords,
} from './first-screen.ts';
import { monthName } from './format.ts';
import { bullets, table } from './markdown-blocks.ts';
import { curve } from './text-bars.ts';

const CURVE = 60;

export function lead(report: Report): string[] {
  const { scenario, recommendation } = report;
  const counted =
    recommendation.strategy === null ? null : `${cashSentence(report) ?? ''} ${basisSentence(report)}`.trim();
  const stake = [stakeSentence(report), counted].filter((sentence) => sentence !== null).join(' ');
  const points: readonly (readonly [string, string | null])[] = [
    ['Why', recommendation.reasons.join(' ') || null],
    ['Would change it', changeSentence(report)],
    ['Measure next', measureSentence(report)],
    ['Claims', claimsSentence(report)],
    ['Data', dataSentence(report)],
    ['Caveats', caveatsSentence(report)],
  ];
  return [
    `# ${md(scenario.name)}`,
    '',
    `**${md(answerSentence(report))}**`,
    '',
    `Question: ${scenario.question === '' ? '' : `${md(scenario.question)} `}(${horizonWords(report)} from ${md(monthName(report.start))})`,
    '',
    ...paragraph('How sure', sureWords(report)),
    ...paragraph('At stake', stake === '' ? null : stake),
    ...strategies(report),
    ...soFar(report),
    ...drivers(report),
    ...bullets(points.flatMap(([label, text]) => (text === null ? [] : [`**${label}:** ${md(text)}`]))),
    '',
  ];
}

const paragraph = (label: string, text: string | null): string[] =>
  text === null ? [] : [`**${label}:** ${md(text)}`, ''];

function strategies(report: Report): string[] {
  const isDrawn = report.uncertainty !== undefined;
  return table(
    [
      'Strategy',
      'Net present cost',
      'Of it cash',
      'Against the baseline',
      ...(isDrawn ? ['Is the cheapest in'] : []),
      '',
    ],
    `lrrr${isDrawn ? 'r' : ''}l`,
    strategyRows(report).map((row) => [
      row.isChosen ? `**${md(row.strategy.id)}**` : md(row.strategy.id),
      row.npv,
      row.cash,
      row.against,
      ...(isDrawn ? [row.cheapest] : []),
      md(row.remarks.join(', ')),
    ]),
  );
}

function soFar(report: Report): string[] {
  const running = runningDifference(report);
  if (running === null) return [];
  const { strategy, versus, values, from, until, breakEven } = running;
  const months = values.length;
  const drawn = curve(values, CURVE, 'unicode').text;
  const span =
    months === 1 ? `${until} after the only month` : `from ${from} after month 1 to ${until} after month ${months}`;
  return [
    `**So far:** ${md(`${strategy} less ${versus}`)}, ${drawn} ${md(`${span} (low is cheaper). ${breakEven.join(' ')}`)}`,
    '',
  ];
}

function drivers(report: Report): string[] {
  const found = strongestDrivers(report);
  if (found === null) return [];
  return table(
    ['Strongest drivers', 'P10 to P90', `${md(found.strategy)} less ${md(found.versus)}`, 'Another is the cheapest'],
    'lrrl',
    found.rows.map(({ label, range, effect, flip }) => [md(label), md(range), effect, flip === '' ? 'no' : md(flip)]),
  );
}
