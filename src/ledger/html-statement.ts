/** One statement on the page: verdict, reasons, what its document got wrong, other readings, evidence, chart, working. */
import { type Html, type HtmlValue, html, linkedText, raw } from '../report/escape.ts';
import { folded, list, table } from '../report/html/table.ts';
import type { Ledger, LedgerClaim, LedgerStatement } from './contract.ts';
import { arithmetic } from './html-arithmetic.ts';
import { afterVerdict, hereWords, inputHead, inputName, inputValue, upperFirst, VERDICTS } from './words.ts';

const SIGNS: Readonly<Record<LedgerStatement['verdict'], string>> = {
  holds: '✓',
  fails: '✗',
  holds_where: '◐',
  unknown: '?',
};

export const verdictTag = (verdict: LedgerStatement['verdict']): Html =>
  html`<span class="verdict ${verdict}"><span aria-hidden="true">${SIGNS[verdict]} </span>${VERDICTS[verdict]}</span>`;

export const anchorOf = ({ number, claims }: LedgerStatement): string => (number ?? `claim-${claims[0]}`).toLowerCase();

/** @param told accounts that stand on the page already, with their anchors */
export function statementSection(
  ledger: Ledger,
  statement: LedgerStatement,
  charts: ReadonlyMap<number, string>,
  told: Map<string, string>,
): Html {
  const places = statement.claims;
  const claims = places.map((place) => ledger.claims[place]!);
  const [deciding, ...others] = claims as [LedgerClaim, ...LedgerClaim[]];
  const run = ledger.runs[deciding.run]!;
  return html`<section class="statement" id="${anchorOf(statement)}"><h2>${statement.number !== null && html`${statement.number}. `}${statement.text}</h2>
<p class="said">${linkedText(statement.source)}</p>
<p class="ruling">${verdictTag(statement.verdict)}${afterVerdict(statement)} ${hereWords(deciding)}</p>
${
  deciding.restated !== null &&
  html`<p><b>Judged in its place:</b> ${linkedText(deciding.restated)}</p>
`
}${
  deciding.because !== null &&
  html`<p><b>Because:</b> ${linkedText(deciding.because)}</p>
`
}${
  deciding.as === 'corrected' &&
  html`<p>This is the verdict with sourced figures.</p>
`
}${chart(deciding, charts.get(places[0]!))}${wrongFigures(claims)}${evidence('Published for it', claims, 'for')}${evidence('Published against it', claims, 'against')}${readings(ledger, others)}<p class="again">Scenario <b>${run.name}</b>${run.variant !== null && html`, variant ${run.variant.title}`}. Made anew by <code>${run.command}</code></p>
${claims.map((claim, i) => arithmetic(ledger, claim, told, i > 0 && chart(claim, charts.get(places[i]!))))}</section>
`;
}

function chart(claim: LedgerClaim, svg: string | undefined): Html | false {
  if (svg === undefined) return false;
  const [x, y] = claim.over;
  return html`<figure><div class="chart scroll" role="group" aria-label="Chart: where the claim holds" tabindex="0">${raw(svg)}</div>
<figcaption>${
    y === undefined
      ? `The whole range that was tried, from ${inputValue(x!.from, x!)} to ${inputValue(x!.to, x!)}; everything else as the scenario states it.`
      : `The claim was judged anew at every point of the map. ${claim.rows.length} rows, each cut where the verdict changes.`
  }</figcaption></figure>
${folded('Numbers behind this chart', y === undefined ? stretchTable(claim) : boundaryTable(claim))}`;
}

const stretchTable = ({ over, stretches }: LedgerClaim): Html =>
  table(
    'Stretches',
    [{ head: inputHead(over[0]!.path) }, { head: 'Verdict' }],
    stretches.map(({ from, to, verdict }) => [
      `${inputValue(from, over[0]!)} to ${inputValue(to, over[0]!)}`,
      VERDICTS[verdict],
    ]),
  );

const boundaryTable = ({ over, rows }: LedgerClaim): Html =>
  table(
    'Rows of the map',
    [{ head: inputHead(over[1]!.path) }, { head: `Holds where ${inputName(over[0]!.path)} is` }],
    rows.map(({ at, stretches }) => [
      inputValue(at, over[1]!),
      stretches
        .filter(({ verdict }) => verdict === 'holds')
        .map(({ from, to }) => `${inputValue(from, over[0]!)} to ${inputValue(to, over[0]!)}`)
        .join('; ') || 'nowhere',
    ]),
  );

/** Claims of one statement may repeat a figure; each is told once. */
const once = <T>(all: readonly T[]): T[] => [
  ...new Map(all.map((one) => [JSON.stringify(one), one] as const)).values(),
];

function wrongFigures(claims: readonly LedgerClaim[]): Html | false {
  const wrong = once(claims.flatMap((claim) => claim.wrong));
  if (wrong.length === 0) return false;
  return html`<h3>Figures that the document got wrong</h3>
${table(
  'Wrong figures',
  [{ head: 'It says' }, { head: 'It is' }, { head: 'Source' }],
  wrong.map(({ said, is, source }) => [said, is, linkedText(source)]),
)}`;
}

function evidence(title: string, claims: readonly LedgerClaim[], side: 'for' | 'against'): Html | false {
  const found = once(claims.flatMap(({ published }) => published[side]));
  if (found.length === 0) return false;
  return html`<h3>${title}</h3>
${list(found.map(({ text, source }): HtmlValue => html`${text} <small>${linkedText(source)}</small>`))}`;
}

function readings({ runs }: Ledger, others: readonly LedgerClaim[]): Html | false {
  if (others.length === 0) return false;
  return html`<h3>Other readings</h3>
${table(
  'Other readings',
  [{ head: 'Reading' }, { head: 'Verdict' }, { head: 'Where, and why' }],
  others.map((claim) => {
    const { variant, name } = runs[claim.run]!;
    return [
      html`${claim.restated ?? claim.text}<small>${claim.as === 'stated' ? 'with the document’s figures' : 'with sourced figures'} · ${name}${variant !== null && `: ${variant.title}`}</small>`,
      verdictTag(claim.verdict),
      html`${upperFirst(claim.words)}. ${claim.because !== null && linkedText(claim.because)}`,
    ];
  }),
)}`;
}
