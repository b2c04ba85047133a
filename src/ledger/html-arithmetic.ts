/**
 * The working of a claim on the page, folded: the condition with its values put in, each figure taken apart, and every line
 * of the accounts behind it. An account stands on the page once; later claims refer to it.
 */
import { type Html, html, linkedText } from '../report/escape.ts';
import { calendarMonth, exactNumber, exactUsd, plural, share } from '../report/format.ts';
import { folded, list, table } from '../report/html/table.ts';
import { COMPONENT_WORDS } from '../report/words.ts';
import type { Account, AccountLine, Ledger, LedgerClaim, LedgerRun, Series } from './contract.ts';
import { comparisonWords, sideWords } from './words.ts';
import { accountsOf, at, type Working, workingsOf } from './workings.ts';

/**
 * @param told anchors of accounts that stand on the page already, by run and strategy
 * @param chart of its boundary, where it does not stand above
 */
export function arithmetic(ledger: Ledger, claim: LedgerClaim, told: Map<string, string>, chart: Html | false): Html {
  const run = ledger.runs[claim.run]!;
  const accounts = accountsOf(claim, run);
  const place = run.variant === null ? '' : `, ${run.variant.title}`;
  return folded(
    html`<b>The arithmetic</b> of ${claim.id}${place}`,
    html`<div class="working">
${chart}<p>The claim as a condition: <code>${claim.expression}</code></p>
${list(claim.comparisons.map((one) => html`<code>${comparisonWords(one)}</code>`))}
${workingsOf(claim, run).map((working) => workingPart(working, run))}
${accounts.length > 0 && discounting(run)}${accounts.map((account) => accountPart(claim.run, run, account, told))}</div>
`,
  );
}

function workingPart(working: Working, run: LedgerRun): Html {
  const { figure } = working;
  const heading = html`<h4><code>${figure.name}</code> = ${sideWords(figure.value)}${figure.unit === '1' || typeof figure.value !== 'number' ? '' : ` ${figure.unit}`}</h4>
`;
  switch (working.is) {
    case 'stated':
      return html`${heading}<p>${linkedText(working.words)}</p>
`;
    case 'sum':
      return html`${heading}${table(
        `Sum of ${working.of}`,
        [{ head: `Sum of its ${working.of}` }, { head: 'USD', numeric: true }],
        [
          ...working.parts.map(({ label, usd }) => [label, exactUsd(usd)]),
          ['Sum', exactUsd(working.parts.reduce((sum, { usd }) => sum + usd, 0))],
        ],
      )}`;
    case 'months':
      return html`${heading}${table(
        'Cost so far',
        [
          { head: 'By the end of' },
          ...working.strategies.map((id) => ({ head: `${id} has cost, USD`, numeric: true })),
        ],
        working.rows.map(([a, b], month) => [`month ${month + 1}`, exactUsd(a), exactUsd(b)]),
      )}`;
    case 'ranking':
      return html`${heading}${table(
        'Net present cost of every strategy',
        [{ head: 'Strategy' }, { head: 'Net present cost, USD', numeric: true }],
        run.ranking.map(({ strategy, npv_usd, not_ranked }) => [
          html`${strategy}${not_ranked !== undefined && html`<small>not ranked: ${not_ranked}</small>`}`,
          npv_usd === null ? 'unpriced' : exactUsd(npv_usd),
        ]),
      )}`;
  }
}

function discounting({ discount_rate_per_year, discount_factors: factors, horizon_months }: LedgerRun): Html {
  const shown = [...new Set([0, 11, horizon_months - 1])].filter((month) => month < horizon_months);
  return html`<p>Discounting at ${share(discount_rate_per_year)} a year: a dollar at the end of month m is worth (1 + ${String(discount_rate_per_year)})^(−m/12) at the start, ${shown
    .map((month) => `${factors[month]!.toFixed(6)} in month ${month + 1}`)
    .join(', ')}. What falls at the start counts in full.</p>
`;
}

function accountPart(place: number, run: LedgerRun, account: Account, told: Map<string, string>): Html {
  const key = `run-${place}-${account.strategy}`;
  if (told.has(key))
    return html`<p>Every line of <b>${account.strategy}</b>: <a href="#${key}">told above</a>.</p>
`;
  told.set(key, key);
  return html`<details id="${key}"><summary>Every line of <b>${account.strategy}</b>: ${plural(account.lines.length, 'line')}, ${exactUsd(account.npv_usd)} discounted, ${exactUsd(account.total_usd)} undiscounted</summary>
<ol class="steps">${account.lines.map((line) => linePart(run, line))}</ol></details>
`;
}

const linePart = (
  run: LedgerRun,
  line: AccountLine,
): Html => html`<li><b>${line.label}</b> · ${COMPONENT_WORDS[line.component]} · ${
  line.cash ? 'cash' : 'value lost or gained'
} · ${when(run, line)}
<code>= ${line.formula}</code>
<ul>${Object.entries(line.inputs).map(
  ([
    name,
    { value, unit, source },
  ]) => html`<li><b>${name}</b> = ${seriesWords(value, unit, line)} · ${linkedText(source)}</li>
`,
)}</ul>
${amountWords(line)}; discounted ${exactUsd(line.npv_usd)}</li>
`;

function when({ start, horizon_months }: LedgerRun, { timing, months }: AccountLine): string {
  if (timing === 'start')
    return months.from === 0 ? 'once, at the start' : `once, in ${calendarMonth(start, months.from)}`;
  if (months.from === 0 && months.until === horizon_months) return `each of ${plural(horizon_months, 'month')}`;
  return `months ${months.from + 1} to ${months.until}`;
}

function seriesWords(value: Series, unit: string, { months }: AccountLine): string {
  const words = (one: number): string => `${exactNumber(one)}${unit === '1' || unit === '' ? '' : ` ${unit}`}`;
  if (typeof value === 'number') return words(value);
  return `${words(at(value, 0))} in month ${months.from + 1}, ${words(value.at(-1)!)} in month ${months.from + value.length}`;
}

/** Every month that differs, so that they can be added up. */
function amountWords({ amounts_usd, total_usd, timing, months }: AccountLine): string {
  if (timing === 'start') return exactUsd(total_usd);
  const count = months.until - months.from;
  if (typeof amounts_usd === 'number') return `${count} × ${everyDigit(amounts_usd)} = ${exactUsd(total_usd)}`;
  return `${amounts_usd.map(exactUsd).join(' + ')} = ${exactUsd(total_usd)}`;
}

/** A factor that is multiplied by a number of months keeps its digits, else the product would be off by cents. */
const everyDigit = (usd: number): string => `${usd < 0 ? '\u2212' : ''}$${exactNumber(Math.abs(usd))}`;
