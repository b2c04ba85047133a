/**
 * claims.html: all statements with their verdicts on one page that needs nothing else: no font, no network, and
 * one script of ours, to search and to order with, without which it stands there in full.
 *
 * What a newcomer has to know comes first, then one table, then a section for each statement with its working folded away.
 * Takes the ledger and its drawn charts. Text from scenarios goes through the escaping template; the charts' SVG is ours.
 */
import { type Html, type HtmlValue, html, linkedText, raw } from '../report/escape.ts';
import { number, plural } from '../report/format.ts';
import { SEARCH_STYLE } from '../report/html/search-style.ts';
import { STYLE } from '../report/html/style.ts';
import { PAPER_NOTE, section, table } from '../report/html/table.ts';
import { type PageBundle, pageScript, scriptPolicy } from '../report/html/what-if.ts';
import { POLICY } from '../report/html.ts';
import type { Ledger, LedgerClaim, LedgerStatement } from './contract.ts';
import { anchorOf, statementSection, verdictTag } from './html-statement.ts';
import { LEDGER_STYLE } from './html-style.ts';
import { asAssumed, mapWords, VERDICTS } from './words.ts';

/**
 * @param charts by place in `claims`: markup of our own making
 * @param script searches and orders the statements; none: a page without
 */
export function ledgerHtml(ledger: Ledger, charts: ReadonlyMap<number, string>, script?: PageBundle): string {
  const told = new Map<string, string>();
  return `<!DOCTYPE html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${script === undefined ? POLICY : POLICY + scriptPolicy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Claims put to the test</title>
<style>${STYLE}${raw(LEDGER_STYLE)}${script !== undefined && raw(SEARCH_STYLE)}</style>
</head>
<body>
<a class="skip" href="#verdicts">Skip to the verdicts</a>
<header><h1>Claims put to the test</h1>
<p>A gateway stands between an application and the sellers of language models: one key, one bill and fallback, for a fee. What is said about when it pays, and whether it does.</p></header>
<main>
${lead(ledger)}${verdicts(ledger)}${problems(ledger)}${ledger.statements.map((one) => statementSection(ledger, one, charts, told))}</main>
<footer>Made by Tollgate ${ledger.version} from the price book ${ledger.price_book_sha256.slice(0, 12)}. Amounts in tables are exact to the cent; claims.json beside this page has every digit.${PAPER_NOTE}</footer>
${script !== undefined && pageScript(script)}</body>
</html>
`}`;
}

const ORDER = ['holds', 'holds_where', 'fails', 'unknown'] as const;
const MEANING: Readonly<Record<LedgerStatement['verdict'], string>> = {
  holds: 'in the whole range that was tried',
  holds_where: 'in part of it; the boundary is named',
  fails: 'nowhere in the range that was tried',
  unknown: 'a figure that it needs is not known',
};

function lead({ statements, runs }: Ledger): Html {
  const counts = ORDER.map((verdict) => [verdict, statements.filter((one) => one.verdict === verdict).length] as const);
  return html`<div class="answer"><p class="what">${plural(statements.length, 'statement')}, ${plural(runs.length, 'evaluation')}</p>
<div class="tally">${counts
    .filter(([verdict, count]) => count > 0 || verdict !== 'unknown')
    .map(
      ([verdict, count]) =>
        html`<div class="${verdict}"><b>${number(count)}</b> ${verdictTag(verdict)}<small>${MEANING[verdict]}</small></div>`,
    )}</div>
<div class="cols"><div><h3>What was done</h3><p>Each statement was written as a condition over costs, such as <code>npv_usd.direct &lt; npv_usd.gateway</code>. Tollgate computed those costs from traffic, dated prices and stated assumptions, and looked whether the condition holds, not at one point alone but over a range. <em>As assumed</em>: at the values that the scenario itself has.</p></div>
<div><h3>Words</h3><p>Net present cost (npv): everything that a way of access costs over the horizon, cash and value lost, discounted to the start. Where a document’s own figures are wrong, the verdict is that with sourced figures; the other stands beside it.</p></div>
<div><h3>Doubt it</h3><p>Every section has its arithmetic, line by line with formula, inputs and sources, and the command that makes it anew.</p></div></div></div>
`;
}

const verdicts = (ledger: Ledger): Html =>
  section(
    'verdicts',
    'Verdicts',
    table(
      'Statements with their verdicts',
      [{ head: 'Statement' }, { head: 'Verdict' }, { head: 'What decides it' }],
      ledger.statements.map((one) => [
        html`<a href="#${anchorOf(one)}">${one.number ?? one.text}</a>${one.number !== null && html` ${one.text}`}<small>${linkedText(one.source)}</small>`,
        html`${verdictTag(one.verdict)}<small>${asAssumed(one, ledger.claims[one.claims[0]!]!)}</small>`,
        decisive(one, ledger.claims[one.claims[0]!]!),
      ]),
    ),
  );

/** The boundary where it is one value; else the reason, with how much of the map. */
function decisive({ verdict, words, decided_by }: LedgerStatement, claim: LedgerClaim): HtmlValue {
  if (verdict !== 'holds_where') return decided_by;
  if (claim.over.length === 1)
    return html`${VERDICTS.holds} ${words.replace(/^holds /, '')}.<small>${decided_by}</small>`;
  return html`${decided_by}<small>${mapWords(claim)}</small>`;
}

const problems = ({ problems: found }: Ledger): Html | false =>
  found.length > 0 &&
  html`<p class="note">Not judged, because the scenario can’t be read: ${found.map(({ file, messages }) => html`<b>${file}</b> ${messages.join('; ')} `)}</p>
`;
