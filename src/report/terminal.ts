/**
 * The report on one screen of a terminal: at most 40 lines of at most 100 columns, or of its width. Answer, how sure, money at
 * stake, strategies with bars, the running difference, drivers, what would change the answer, what to measure, data, caveats.
 *
 * Pure text: width, character set and colours are arguments. Control characters of what was read never reach the terminal.
 * Only the page's path may be longer than a line, so that it can be copied.
 */
import { answerSentence, basisSentence, cashSentence, optimisedSentences } from './answer.ts';
import type { Report } from './contract.ts';
import { cutTo, widthOf } from './display-width.ts';
import { plainText } from './escape.ts';
import {
  caveatsSentence,
  changeSentence,
  claimsSentence,
  dataSentence,
  measureSentence,
  type RunningDifference,
  runningDifference,
  stakeSentence,
  strategyRows,
  strongestDrivers,
  sureWords,
} from './first-screen.ts';
import {
  type Block,
  fitted,
  fixed,
  indentOf,
  type Lines,
  type Page,
  pageOf,
  paragraph,
  plainParagraph,
} from './terminal-blocks.ts';
import { strategyTable } from './terminal-strategies.ts';
import { type CharacterSet, curve, spelledFor } from './text-bars.ts';

type Paint = (text: string) => string;
export interface Colours {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
}

export interface Terminal {
  readonly colours: Colours;
  /** Columns; more than 100 are not used. */
  readonly width?: number;
  readonly characters?: CharacterSet;
  /** Where the page lies, and the command that opens it. */
  readonly page?: { readonly path: string; readonly open: string };
}

const [LINES, COLUMNS, LEAST_COLUMNS] = [40, 100, 40];
const MOST_CURVE = 72;

interface Screen {
  readonly page: Page;
  readonly characters: CharacterSet;
  readonly colours: Colours;
  readonly say: (text: string) => string;
  /** Nothing where there is nothing to say. */
  readonly told: (label: string, text: string | null, lines: Lines) => Block[];
}

export function renderTerminal(report: Report, terminal: Terminal): string {
  const { colours, characters = 'unicode' } = terminal;
  const page = pageOf(
    Math.min(COLUMNS, Math.max(LEAST_COLUMNS, terminal.width ?? COLUMNS)),
    characters === 'unicode' ? '…' : '...',
  );
  const say = (text: string): string => spelledFor(plainText(text), characters);
  const told: Screen['told'] = (label, text, lines) =>
    text === null || text === '' ? [] : [paragraph(page, label, say(text), lines, colours.bold)];
  const screen: Screen = { page, characters, colours, say, told };
  const foot = footOf(screen, terminal.page);
  return fitted(
    [...headOf(report, screen), ...strategiesOf(report, screen), ...workingOf(report, screen), ...foot],
    LINES,
  ).join('\n');
}

function headOf(report: Report, { page, colours, say, told }: Screen): Block[] {
  const { strategy, reasons } = report.recommendation;
  const isOpen = strategy === null;
  const answer: Paint = (text) => (isOpen ? colours.yellow : colours.green)(colours.bold(text));
  const counted = [cashSentence(report), basisSentence(report)].filter((sentence) => sentence !== null).join(' ');
  return [
    fixed([
      colours.bold(cutTo(say(report.scenario.name), page.width, page.mark)),
      ...(report.scenario.question === ''
        ? []
        : [colours.dim(cutTo(say(report.scenario.question), page.width, page.mark))]),
      '',
    ]),
    plainParagraph(page, say(answerSentence(report)), { least: 2, most: 4, rank: 1 }, answer),
    ...told('How sure', sureWords(report), { least: 2, most: 5, rank: 2 }),
    ...told('At stake', stakeSentence(report), { least: 1, most: 3, rank: 5 }),
    ...told('Counted', isOpen ? null : counted, { least: 1, most: 3, rank: 7 }),
    ...told('Why', reasons.join(' '), { least: isOpen ? 3 : 1, most: isOpen ? 6 : 3, rank: isOpen ? 1 : 6 }),
    fixed(['']),
  ];
}

function strategiesOf(report: Report, { page, characters, colours, say, told }: Screen): Block[] {
  const { lines, untold } = strategyTable(strategyRows(report), {
    width: page.width,
    characters,
    mark: page.mark,
    say,
    colours,
  });
  return [
    fixed(lines),
    ...told('Not ranked', untold.join('; '), { least: 1, most: 3, rank: 8 }),
    ...told('Searched', optimisedSentences(report).join(' '), { least: 1, most: 3, rank: 9 }),
    fixed(['']),
  ];
}

function workingOf(report: Report, screen: Screen): Block[] {
  const { told } = screen;
  const running = runningDifference(report);
  return [
    ...(running === null ? [] : soFar(running, screen)),
    ...driversOf(report, screen),
    ...told('Changes if', changeSentence(report), { least: 1, most: 4, rank: 3 }),
    ...told('Measure', measureSentence(report), { least: 1, most: 2, rank: 9 }),
    ...told('Claims', claimsSentence(report), { least: 1, most: 2, rank: 11 }),
    ...told('Data', dataSentence(report), { least: 1, most: 2, rank: 4 }),
    ...told('Caveats', caveatsSentence(report), { least: 1, most: 2, rank: 4 }),
  ];
}

/** What was spent so far against the other, month by month, with a mark below each month of break-even. */
function soFar(running: RunningDifference, { page, characters, say, told }: Screen): Block[] {
  const { strategy, versus, values, from, until, crossings } = running;
  const indent = indentOf(page);
  const room = Math.min(MOST_CURVE, page.width - indent);
  const { text, perCharacter } = curve(values, room, characters);
  const places = crossings
    .map((month) => Math.floor(Math.max(0, Math.ceil(month) - 1) / perCharacter))
    .filter((place) => place < widthOf(text));
  const marks = [...text]
    .map((_, i) => (places.includes(i) ? '^' : ' '))
    .join('')
    .trimEnd();
  const [first = '', ...more] = running.breakEven;
  const [beside, below] = besideMarks(marks, say(first), page.width - indent);
  const months = values.length;
  const span = months === 1 ? `${until} after the only month` : `${from} after month 1, ${until} after month ${months}`;
  return [
    ...told('So far', `${span}: ${strategy} less ${versus} (low: cheaper)`, {
      least: 1,
      most: page.labels > 0 ? 1 : 2,
      rank: 10,
    }),
    fixed([`${' '.repeat(indent)}${text}`, ...(beside === '' ? [] : [`${' '.repeat(indent)}${beside}`])]),
    ...told('', below, { least: 1, most: 2, rank: 9 }),
    ...told('', more.join(' '), { least: 0, most: 2, rank: 10 }),
  ];
}

/** The words in the line of the marks if there is room right or left of them, else below. */
function besideMarks(marks: string, words: string, width: number): [string, string] {
  if (marks === '') return ['', words];
  if (marks.length + 1 + widthOf(words) <= width) return [`${marks} ${words}`.trimEnd(), ''];
  const free = marks.length - marks.trimStart().length;
  if (widthOf(words) + 1 <= free) return [`${' '.repeat(free - widthOf(words) - 1)}${words} ${marks.trimStart()}`, ''];
  return [marks, words];
}

function driversOf(report: Report, { told }: Screen): Block[] {
  const found = strongestDrivers(report);
  if (found === null) return [];
  return [
    ...told('Drivers', `${found.strategy} less ${found.versus}, an input from its P10 to its P90:`, {
      least: 1,
      most: 1,
      rank: 0,
    }),
    ...found.rows.flatMap(({ label, range, effect, flip }) =>
      told('', `${label}, ${range}: ${effect}; ${flip === '' ? 'the answer stays' : flip}`, {
        least: 1,
        most: 2,
        rank: 3,
      }),
    ),
  ];
}

function footOf({ say, colours }: Screen, page: Terminal['page']): Block[] {
  if (page === undefined) return [];
  return [
    { ...fixed(['']), least: 0, rank: 20 },
    fixed([colours.dim(say(`Open it in a browser: ${page.open}`)), say(`Report: ${page.path}`)]),
  ];
}
