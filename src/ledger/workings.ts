/**
 * The figures of a claim taken apart: what each is the sum of, or where else it comes from, so that the verdict can be worked
 * out again by hand. The parts add up to the figure; a test sums them.
 *
 *   npv_usd, cash_npv_usd, total_usd, cash_usd   components of the strategy's account, discounted or not
 *   component_usd                                lines of that component, undiscounted
 *   break_even_month, ahead_from_month           what both strategies have cost by the end of each month
 *   recommended, saving_usd and the like         net present costs of all strategies
 */
import { COMPONENT_WORDS } from '../report/words.ts';
import type { Account, AccountLine, LedgerClaim, LedgerRun, Series } from './contract.ts';

type Figure = LedgerClaim['figures'][number];

export interface Part {
  readonly label: string;
  readonly usd: number;
}

export type Working =
  | { readonly is: 'sum'; readonly figure: Figure; readonly of: string; readonly parts: readonly Part[] }
  | {
      readonly is: 'months';
      readonly figure: Figure;
      readonly strategies: readonly [string, string];
      readonly rows: readonly (readonly [number, number])[];
    }
  | { readonly is: 'ranking'; readonly figure: Figure }
  | { readonly is: 'stated'; readonly figure: Figure; readonly words: string };

export const workingsOf = (claim: LedgerClaim, run: LedgerRun): Working[] =>
  claim.figures.map((figure) => workingOf(figure, run));

/** Accounts that a claim rests on, in the order of the run. */
export function accountsOf(claim: LedgerClaim, run: LedgerRun): Account[] {
  const named = new Set(
    claim.figures.flatMap(({ name, value }) => {
      const [head, ...parts] = name.split('.');
      if (RANKING.has(head!)) return typeof value === 'string' ? [value] : [];
      return ON_COSTS.has(head!) ? parts : [];
    }),
  );
  return run.accounts.filter(({ strategy }) => named.has(strategy));
}

/** Figures that rest on the lines of the strategies they name. */
export const ON_COSTS: ReadonlySet<string> = new Set([
  'npv_usd',
  'cash_npv_usd',
  'total_usd',
  'cash_usd',
  'component_usd',
  'break_even_month',
  'ahead_from_month',
]);
/** Figures that rest on the net present costs of all. */
export const RANKING: ReadonlySet<string> = new Set(['recommended', 'versus', 'saving_usd', 'cash_only_strategy']);
const SUMS: Readonly<Record<string, { of: string; cash: boolean; of_line: (line: AccountLine) => number }>> = {
  npv_usd: { of: 'components, discounted to the start', cash: false, of_line: ({ npv_usd }) => npv_usd },
  cash_npv_usd: {
    of: 'components, cash alone, discounted to the start',
    cash: true,
    of_line: ({ npv_usd }) => npv_usd,
  },
  total_usd: { of: 'components, undiscounted', cash: false, of_line: ({ total_usd }) => total_usd },
  cash_usd: { of: 'components, cash alone, undiscounted', cash: true, of_line: ({ total_usd }) => total_usd },
};

function workingOf(figure: Figure, run: LedgerRun): Working {
  const [head = '', first = '', second = ''] = figure.name.split('.');
  const account = run.accounts.find(({ strategy }) => strategy === first);
  const kind = Object.hasOwn(SUMS, head) ? SUMS[head] : undefined;
  if (figure.name.startsWith('input.'))
    return { is: 'stated', figure, words: figure.source ?? 'an input of the scenario' };
  if (kind !== undefined && account !== undefined) {
    const lines = account.lines.filter(({ cash }) => cash || !kind.cash);
    const parts = account.components.flatMap(({ component }) => {
      const own = lines.filter((line) => line.component === component);
      if (own.length === 0) return [];
      return [{ label: COMPONENT_WORDS[component], usd: own.reduce((sum, line) => sum + kind.of_line(line), 0) }];
    });
    return { is: 'sum', figure, of: kind.of, parts };
  }
  if (head === 'component_usd' && account !== undefined) {
    const own = account.lines.filter(({ component }) => component === second);
    const parts = own.map(({ label, total_usd }) => ({ label, usd: total_usd }));
    return { is: 'sum', figure, of: 'line items, undiscounted', parts };
  }
  const other = run.accounts.find(({ strategy }) => strategy === second);
  if (/^(break_even|ahead_from)_month$/.test(head) && account !== undefined && other !== undefined) {
    const [a, b] = [soFar(account, run.horizon_months), soFar(other, run.horizon_months)];
    return { is: 'months', figure, strategies: [first, second], rows: a.map((usd, month) => [usd, b[month]!]) };
  }
  if (RANKING.has(head)) return { is: 'ranking', figure };
  if (head === 'requests_per_month') return { is: 'stated', figure, words: 'requests of an ordinary month' };
  if (head === 'baseline') return { is: 'stated', figure, words: 'stated by the scenario' };
  return { is: 'stated', figure, words: `counted in the replay of ${first}` };
}

/** The value of a series in a month of its window. */
export const at = (series: Series, month: number): number => (typeof series === 'number' ? series : series[month]!);

/** What an account has cost by the end of each month, undiscounted. */
function soFar({ lines }: Account, months: number): number[] {
  const monthly = new Array<number>(months).fill(0);
  for (const { timing, months: window, amounts_usd } of lines) {
    const until = timing === 'start' ? window.from + 1 : window.until;
    for (let month = window.from; month < until; month++) monthly[month]! += at(amounts_usd, month - window.from);
  }
  let sum = 0;
  return monthly.map((amount) => {
    sum += amount;
    return sum;
  });
}
