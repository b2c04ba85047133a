/**
 * What the index shows of each report: read anew each time, one after the other, and forgotten but for a few texts. A report
 * that can't be read stands with its reason.
 */
import path from 'node:path';
import { InputError } from '../errors.ts';
import { readReport } from '../io/read-report.ts';
import { answerSentence, horizonWords } from '../report/answer.ts';
import type { Report } from '../report/contract.ts';
import { monthName } from '../report/format.ts';
import { knownShare, ofDraws } from '../report/known-digits.ts';
import { type FoundReport, findReports, REPORT_JSON } from './find-reports.ts';
import { leadsInside } from './leads-inside.ts';

/** A report.json of more is not read here: each call of a page reads it. */
export const LARGEST_SHOWN_BYTES = 64_000_000;
/** The newest that the index reads. */
export const MOST_SHOWN = 200;

export interface Summary {
  readonly scenario: string;
  readonly question: string;
  readonly answer: string;
  readonly recommended: string | null;
  readonly saving_usd: number | null;
  readonly versus: string | null;
  readonly sure: string;
  readonly baseline: string;
  readonly horizon: string;
  readonly strategies: readonly string[];
}

export interface ShelvedReport extends FoundReport {
  readonly summary?: Summary;
  /** Why there is no summary. */
  readonly unreadable?: string;
}

export interface Shelf {
  readonly reports: readonly ShelvedReport[];
  /** Older ones, which were not read. */
  readonly passed_over: number;
}

export async function readShelf(root: string): Promise<Shelf> {
  const found = await findReports(root);
  const reports: ShelvedReport[] = [];
  for (const one of found.slice(0, MOST_SHOWN)) {
    const read = await readOrReason(root, one);
    reports.push(typeof read === 'string' ? { ...one, unreadable: read } : { ...one, summary: summaryOf(read) });
  }
  return { reports, passed_over: found.length - reports.length };
}

/** The report, or why it can't be read. */
export async function readOrReason(root: string, { folder, has_json }: FoundReport): Promise<Report | string> {
  if (!has_json) return `${REPORT_JSON} is missing`;
  const file = path.join(folder, REPORT_JSON);
  try {
    if (!(await leadsInside(root, file))) return `${REPORT_JSON} is a link that leads out of the folder`;
    return await readReport(file, LARGEST_SHOWN_BYTES);
  } catch (error) {
    if (!(error instanceof InputError)) return `can't be read: ${(error as Error).message}`;
    const [first, ...more] = error.diagnostics.map(({ path: at, message }) =>
      `${at.replace(file, REPORT_JSON)}: ${message}`.slice(0, 300),
    );
    return `${first}${more.length === 0 ? '' : `, and ${more.length} more`}`;
  }
}

const summaryOf = (report: Report): Summary => ({
  scenario: report.scenario.name,
  question: report.scenario.question,
  answer: answerSentence(report),
  recommended: report.recommendation.strategy,
  saving_usd: report.recommendation.saving_usd,
  versus: report.recommendation.versus,
  sure: howSure(report),
  baseline: report.baseline,
  horizon: `${horizonWords(report)} from ${monthName(report.start)}`,
  strategies: report.strategies.map(({ id }) => id),
});

/** `cheapest in 83% of 2,000 draws`, `not drawn`. */
export function howSure({ uncertainty: found, recommendation }: Report): string {
  if (recommendation.strategy === null) return 'nothing is recommended';
  if (found === undefined) return 'not drawn: every input is one number, or no draws were asked for';
  const drawn = found.strategies.find(({ id }) => id === recommendation.strategy);
  if (drawn === undefined) return 'not drawn';
  if (found.strategies.length === 1) return 'the only strategy that is ranked';
  const ties =
    drawn.tied_fraction > 0 ? `, as cheap as another in ${knownShare(drawn.tied_fraction, found.draws)}` : '';
  return `cheapest in ${ofDraws(drawn.cheapest_fraction, found.draws)}${ties}`;
}

/** Reports in which every word occurs; without a word, all. */
export function matching(reports: readonly ShelvedReport[], search: string): readonly ShelvedReport[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return reports.filter((report) => {
    const text = textOf(report).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

const textOf = ({ name, summary: s, unreadable }: ShelvedReport): string =>
  [
    name,
    unreadable,
    s?.scenario,
    s?.question,
    s?.answer,
    s?.sure,
    s?.baseline,
    s?.horizon,
    ...(s?.strategies ?? []),
  ].join('\n');
