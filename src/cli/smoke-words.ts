/**
 * What `tollgate smoke` says on a terminal: what it is about to do and what that costs at most, each check as it is judged,
 * and at the end the routes side by side, what differs, what failed and where the files are.
 *
 * Whatever a target or a file said is made visible text first; no control character of theirs reaches the terminal.
 */
import { type Comparison, comparisonOf } from '../measurements/compare.ts';
import type { CheckId, Finding, Measurements, Verdict } from '../measurements/contract.ts';
import {
  answerWords,
  bannerWords,
  checkWords,
  differenceSentences,
  money,
  notRunGroups,
  SIMULATED_WORDS,
  shortened,
  spentWords,
  standingWords,
  usedPriceWords,
} from '../measurements/words.ts';
import { plainText } from '../report/escape.ts';
import { listed, number, plural } from '../report/format.ts';
import type { PlannedCheck } from '../smoke/plan.ts';
import type { PreparedRun, SkippedTarget } from '../smoke/prepare-run.ts';
import type { Target } from '../smoke/target.ts';
import { sum } from '../units.ts';
import { colours } from './colours.ts';
import { terminalTable } from './terminal-table.ts';

const [NAME, SEEN] = [32, 200];
/** Beside each other in one table. */
const MOST_COLUMNS = 5;
const MOST_FAILURES = 30;

const name = (text: string): string => shortened(plainText(text), NAME);

export interface PlanFacts {
  readonly cap_usd: number;
  readonly simulated: boolean;
}

/** Shown before the first call. */
export async function planInWords(prepared: PreparedRun, { cap_usd, simulated }: PlanFacts): Promise<string> {
  const { yellow } = colours();
  const { ready, skipped, plan } = prepared;
  const unpriced = plan.filter(({ most_usd }) => most_usd === undefined);
  const most_usd = mostOf(plan);
  return [
    ...(simulated ? [yellow(SIMULATED_WORDS)] : []),
    ...(ready.length === 0 ? ['Nothing can be called.'] : [await planTable(prepared)]),
    ...(ready.length === 0 ? [] : [capWords(most_usd, cap_usd)]),
    ...unpriced.map((one) =>
      yellow(plainText(`${name(one.target)}: ${checkWords(one.check)} is not run: ${one.unpriced}`)),
    ),
    ...tooDear(plan, cap_usd).map((line) => yellow(line)),
    ...skipped.map((one) => yellow(skippedInWords(one))),
    '',
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** Checks of which a single call does not fit under the cap, one line for each route. */
function tooDear(plan: readonly PlannedCheck[], cap_usd: number): string[] {
  const dear = plan.filter(({ dearest_usd }) => dearest_usd > cap_usd);
  return [...new Set(dear.map(({ target }) => target))].map((target) => {
    const own = dear.filter((one) => one.target === target);
    const checks = listed(own.map(({ check }) => checkWords(check)));
    const most = money(roundedUp(Math.max(...own.map(({ dearest_usd }) => dearest_usd))));
    return `${name(target)}: ${checks} can’t be run under this cap: one call costs up to ${most}`;
  });
}

/** With what it would come to, where all of that has a price: people plan before they have a key. */
function skippedInWords({ target, why, plan }: SkippedTarget): string {
  const priced = plan.filter(({ most_usd }) => most_usd !== undefined);
  const isPriced = priced.some(({ check }) => check === 'reachable');
  const would = `; with it: ${plural(total(priced, 'calls'), 'call')}, at most ${money(roundedUp(mostOf(priced)))}`;
  return `Skipped ${name(target.id)}: ${plainText(why)}${isPriced ? would : ''}`;
}

/** Of what will be run. */
async function planTable({ ready, plan: all }: PreparedRun): Promise<string> {
  const plan = all.filter(({ most_usd }) => most_usd !== undefined);
  const table = await terminalTable(
    ['route', 'checks', 'calls', 'prompt tokens', 'output tokens', 'at most'],
    ['left', 'right', 'right', 'right', 'right', 'right'],
  );
  const row = (label: string, own: readonly PlannedCheck[]): string[] => [
    label,
    number(own.length),
    number(total(own, 'calls')),
    number(total(own, 'prompt_tokens')),
    number(total(own, 'output_tokens')),
    money(roundedUp(mostOf(own))),
  ];
  for (const { target } of ready)
    table.push(
      row(
        name(target.id),
        plan.filter((one) => one.target === target.id),
      ),
    );
  if (ready.length > 1) table.push(row('all', plan));
  return table.toString();
}

const total = (plan: readonly PlannedCheck[], what: 'calls' | 'prompt_tokens' | 'output_tokens'): number =>
  plan.reduce((all, one) => all + one[what], 0);

const mostOf = (plan: readonly PlannedCheck[]): number => sum(plan.map(({ most_usd }) => most_usd ?? 0));

/** Two significant digits, never less than it is. */
function roundedUp(usd: number): number {
  if (usd <= 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(usd)) - 1);
  return Number((Math.ceil(usd / unit - 1e-9) * unit).toPrecision(2));
}

function capWords(most_usd: number, cap_usd: number): string {
  const most = money(roundedUp(most_usd));
  if (most_usd === 0) return `It costs nothing; the cap is ${money(cap_usd)}.`;
  if (most_usd <= cap_usd) return `All of it costs at most ${most}, under the cap of ${money(cap_usd)}.`;
  return `All of it could cost up to ${most}, more than the cap of ${money(cap_usd)}: calls wait for what those before them did cost, and what then does not fit is not run. --max-usd ${roundedUp(most_usd)} is enough for all.`;
}

const PAINT = { pass: 'green', fail: 'red', not_supported: 'dim', not_run: 'yellow' } as const satisfies Record<
  Verdict,
  string
>;
const SHORT: Record<Verdict, string> = { pass: 'pass', fail: 'FAIL', not_supported: '–', not_run: 'not run' };

/** One line of progress. */
export function judgedInWords(
  target: Pick<Target, 'id'>,
  check: CheckId,
  { verdict, seen }: { readonly verdict: string; readonly seen: string },
): string {
  const told = verdict.replaceAll('_', ' ').padEnd(13);
  return `${told} ${name(target.id)}, ${checkWords(check)}: ${shortened(plainText(seen), SEEN)}\n`;
}

export interface WrittenFiles {
  readonly files: readonly string[];
  readonly html: string;
}

/** At the end, on one or two screens. */
export async function smokeInWords(found: Measurements, written: WrittenFiles | undefined): Promise<string> {
  const { bold, yellow, green } = colours();
  const comparison = comparisonOf(found);
  const isGood = comparison.standings.every(({ unmet }) => unmet.length === 0) && comparison.targets.length > 0;
  return [
    ...bannerWords(found).flatMap((words) => [yellow(bold(words)), '']),
    (isGood ? green : yellow)(bold(plainText(`${answerWords(comparison)}.`))),
    ...comparison.standings.map((one) => `  ${plainText(standingWords(one))}`),
    ...comparison.skipped.map(({ id, skipped }) => `  ${name(id)}: skipped, ${plainText(skipped ?? '')}`),
    '',
    ...(await tables(comparison)),
    ...differencesOf(comparison),
    ...failuresOf(comparison.failures, comparison.not_run),
    spentWords(found),
    ...oldestPrice(found),
    ...(written === undefined ? ['Nothing was called, and no file was written.'] : filesInWords(written)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** All of them stand in the files. */
function oldestPrice(found: Measurements): string[] {
  const [oldest] = [...found.prices].sort((a, b) => (b.age_days ?? -1) - (a.age_days ?? -1));
  if (oldest === undefined) return [];
  const words = usedPriceWords({ ...found, prices: [oldest] })[0]!;
  return [plainText(`Oldest price that costs were computed from: ${words}.`)];
}

const filesInWords = ({ files, html }: WrittenFiles): string[] => [
  `Page: ${html}`,
  `Measurements: ${files.find((file) => file.endsWith('measurements.json')) ?? '–'}`,
];

async function tables({ rows, targets }: Comparison): Promise<string[]> {
  const paint = colours();
  const texts: string[] = [];
  for (let from = 0; from < targets.length && rows.length > 0; from += MOST_COLUMNS) {
    const shown = targets.slice(from, from + MOST_COLUMNS);
    const table = await terminalTable(
      ['check', ...shown.map(({ id }) => name(id))],
      ['left', ...shown.map(() => 'left' as const)],
    );
    for (const { check, cells } of rows)
      table.push([
        `${checkWords(check)}${cells.some((cell) => cell?.required) ? ' *' : ''}`,
        ...cells
          .slice(from, from + MOST_COLUMNS)
          .map((cell) => (cell === undefined ? '' : paint[PAINT[cell.verdict]](SHORT[cell.verdict]))),
      ]);
    texts.push(table.toString());
  }
  return texts.length === 0 ? [] : [...texts, paint.dim('* required   – not supported'), ''];
}

function differencesOf(comparison: Comparison): string[] {
  const sentences = differenceSentences(comparison);
  if (sentences.length === 0) return [];
  const against = comparison.baseline === undefined ? '' : ` against ${name(comparison.baseline.id)}`;
  return [colours().bold(`Differences${against}`), ...sentences.map((one) => `  ${plainText(one)}`), ''];
}

function failuresOf(failures: readonly Finding[], notRun: readonly Finding[]): string[] {
  const { bold } = colours();
  const lines = (told: readonly string[]): string[] => [
    ...told.slice(0, MOST_FAILURES),
    ...(told.length > MOST_FAILURES ? [`  and ${number(told.length - MOST_FAILURES)} more on the page`] : []),
    '',
  ];
  const failed = failures.map(
    ({ target, check, seen, required }) =>
      `  ${name(target)}, ${checkWords(check)}${required ? ' (required)' : ''}: ${shortened(plainText(seen), SEEN)}`,
  );
  const open = notRunGroups(notRun).map(
    ({ target, checks, seen }) => `  ${name(target)}, ${checks}: ${shortened(plainText(seen), SEEN)}`,
  );
  return [
    ...(failures.length === 0 ? [] : [bold('Failed'), ...lines(failed)]),
    ...(notRun.length === 0 ? [] : [bold('Not run'), ...lines(open)]),
  ];
}
