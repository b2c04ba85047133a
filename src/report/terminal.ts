/**
 * The report on one screen of a terminal: answer, strategies with bars, break-evens, what to look at. Pure text; colours are
 * functions that the caller hands in. Control characters of what was read never reach the terminal.
 */
import {
  againstBaseline,
  answerSentence,
  basisSentence,
  cashSentence,
  inRankOrder,
  isRanked,
  marks,
  optimisedSentences,
} from './answer.ts';
import { breakEvenSentence, centralBreakEven } from './break-even-words.ts';
import { claimRows } from './claim-words.ts';
import type { Report, ReportBreakEven } from './contract.ts';
import { byWorth, flipSentences, inputNames, perfectSentence } from './driver-words.ts';
import { plainText } from './escape.ts';
import { plural, usd, usdDifference } from './format.ts';
import { knownUsd } from './known-digits.ts';
import { dominanceSentence, dominanceWith, sureSentence } from './uncertainty-words.ts';
import { crossingsWords } from './words.ts';

type Paint = (text: string) => string;
export interface Colours {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
}

const BAR = 14;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const NAME = 28;
const BREAK_EVENS = 12;

const cut = (text: string, length: number): string => {
  const characters = [...plainText(text)];
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`;
};

function bar(value: number, most: number): string {
  const eighths = most <= 0 || value <= 0 ? 0 : Math.round((value / most) * BAR * 8);
  return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8]}`;
}

export function renderTerminal(report: Report, { colours }: { readonly colours: Colours }): string {
  const { bold, dim, green, yellow } = colours;
  const { recommendation, diagnostics, unpriced, traffic } = report;
  const cash = cashSentence(report);
  const sure = sureSentence(report);
  const lines = [
    bold(cut(report.scenario.name, 90)),
    dim(cut(report.scenario.question, 110)),
    '',
    (recommendation.strategy === null ? yellow : green)(bold(plainText(answerSentence(report)))),
    ...(sure === null ? [] : [cut(sure, 300)]),
    ...(recommendation.strategy === null ? [] : [dim(basisSentence(report))]),
    ...(cash === null ? [] : [plainText(cash)]),
    ...recommendation.reasons.slice(0, 3).map((reason) => `  - ${plainText(reason)}`),
    ...recommendation.would_change_if.slice(0, 3).map((change) => `  would change it: ${plainText(change)}`),
    '',
    ...strategyTable(report, colours),
    ...optimisedSentences(report).map((sentence) => dim(`  ${cut(sentence, 200)}`)),
    '',
    ...breakEvens(report, colours),
    ...howSure(report, colours),
    ...claims(report, colours),
  ];
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning').length;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const attention = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
    ...(traffic.rejected > 0 ? [plural(traffic.rejected, 'rejected row')] : []),
    ...unpriced.map(({ model, requests }) => `unpriced: ${cut(model, 40)} (${plural(requests, 'request')})`),
  ];
  if (attention.length > 0) lines.push('', yellow(attention.join(', ')), ...told(diagnostics));
  return lines.join('\n');
}

const CLAIMS = 4;

/** What the scenario's claims come to, the first few. */
function claims(report: Report, { bold }: Colours): string[] {
  const rows = claimRows(report);
  if (rows.length === 0) return [];
  const more = rows.length - CLAIMS;
  return [
    '',
    bold('Claims'),
    ...rows
      .slice(0, CLAIMS)
      .map(({ text, verdict, where }) => `  ${verdict}: ${cut(plainText(text), 120)} — ${cut(plainText(where), 160)}`),
    ...(more > 0 ? [`  and ${more} more in the report`] : []),
  ];
}

const TOLD = 5;

/** Errors and warnings in full, the first few: they can decide the answer. */
function told(diagnostics: Report['diagnostics']): string[] {
  const grave = diagnostics.filter(({ severity }) => severity !== 'info');
  const more = grave.length - TOLD;
  return [
    ...grave
      .slice(0, TOLD)
      .map(({ path, message }) => `  ${cut(plainText(path), 40)}: ${cut(plainText(message), 200)}`),
    ...(more > 0 ? [`  and ${more} more in the report`] : []),
  ];
}

function strategyTable(report: Report, { bold, dim, green }: Colours): string[] {
  const order = inRankOrder(report);
  const most = Math.max(0, ...order.map(({ npv_usd }) => npv_usd ?? 0));
  const rows = order.map((s) => ({
    s,
    cells: [
      cut(s.id, NAME),
      usd(s.npv_usd),
      s.id === report.baseline ? '' : usdDifference(againstBaseline(report, s)),
      usd(s.cash_npv_usd),
    ],
  }));
  const head = ['strategy', 'net present', 'vs baseline', 'cash part'];
  const width = head.map((h, i) => Math.max(h.length, ...rows.map(({ cells }) => [...cells[i]!].length)));
  const pad = (text: string, i: number): string => {
    const space = ' '.repeat(width[i]! - [...text].length);
    return i === 0 ? text + space : space + text;
  };
  return [
    dim(`  ${head.map(pad).join('  ')}`),
    ...rows.map(({ s, cells }) => {
      const chosen = s.id === report.recommendation.strategy;
      const text = cells.map(pad).join('  ');
      const tail = [bar(s.npv_usd ?? 0, most).padEnd(BAR), cut(marks(report, s).join(', '), 40)].join(' ').trimEnd();
      return `${chosen ? green('▸') : ' '} ${chosen ? bold(text) : isRanked(s) ? text : dim(text)}  ${tail}`.trimEnd();
    }),
  ];
}

/** The recommended strategy against its rival along every driver, then where it meets others; the rest is in the report. */
function breakEvens(report: Report, { bold, dim }: Colours): string[] {
  const { strategy, versus } = report.recommendation;
  const entries = report.break_even;
  if (entries.length === 0) return [dim('No break-even could be searched.')];
  const has = (entry: ReportBreakEven, id: string | null): boolean => entry.a === id || entry.b === id;
  const main = entries.filter((entry) => has(entry, strategy) && has(entry, versus));
  const met = entries.filter((entry) => !main.includes(entry) && has(entry, strategy) && entry.crossings.length > 0);
  const shown = (strategy === null ? entries : [...main, ...met]).slice(0, BREAK_EVENS);
  return [
    bold('Break-even'),
    ...shown.map(
      (entry) =>
        `  ${entry.driver.padEnd(11)} ${cut(entry.a, 20)} / ${cut(entry.b, 20)}: ${crossingsWords(report, entry).map(plainText).join('; ')}`,
    ),
    ...(entries.length > shown.length ? [dim(`  ${entries.length - shown.length} more in the report`)] : []),
  ];
}

/** With the sentence after the answer, eight lines at most. */
function howSure(report: Report, { bold }: Colours): string[] {
  const { uncertainty: found, recommendation } = report;
  if (found === undefined) return [];
  const breakEven = centralBreakEven(report);
  const pair = dominanceWith(found, recommendation.strategy).find(({ a, b }) =>
    [a, b].includes(recommendation.versus ?? ''),
  );
  const flips = found.tornado === null ? [] : flipSentences(found.tornado).slice(0, 2);
  const worth = byWorth(found).told.slice(0, 3);
  const perfect = perfectSentence(found);
  const lines = [
    ...(breakEven === undefined ? [] : [breakEvenSentence(breakEven, found.draws)]),
    ...(pair === undefined ? [] : [dominanceSentence(pair, found.draws)]),
    ...(flips.length === 0 ? [] : [`Another is the cheapest at: ${flips.join('; ')}`]),
    ...(perfect === null ? [] : [perfect]),
    ...(worth.length === 0
      ? []
      : [
          `Worth measuring: ${worth.map((one) => `${inputNames(one)} (up to ${knownUsd(one.value_usd, one.se)})`).join('; ')}`,
        ]),
  ];
  return lines.length === 0 ? [] : ['', bold('How sure'), ...lines.map((line) => `  ${cut(line, 240)}`)];
}
