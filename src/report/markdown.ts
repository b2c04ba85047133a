/**
 * report.md: the answer in its first 40 lines (markdown-lead.ts), then its working, to be read in a pull request or a wiki.
 *
 * Takes the report, gives Markdown with tables. Everything that was read is escaped for cells, HTML and links. Line items
 * and monthly figures are left to report.html and line-items.csv.
 */

import { againstBaseline, inRankOrder, marks, optimisedSentences } from './answer.ts';
import { attributionTitle } from './attribution-words.ts';
import { claimRows } from './claim-words.ts';
import { COMPONENTS, type Report } from './contract.ts';
import { markdownLinkedText, markdownText } from './escape.ts';
import { age, ageAtStart, number, plural, quantity, UNKNOWN, usd, usdDifference } from './format.ts';
import { roughDifference, roughUsd } from './known-digits.ts';
import { attributionLines } from './markdown-attribution.ts';
import { bullets, section, table } from './markdown-blocks.ts';
import { lead } from './markdown-lead.ts';
import { uncertaintySections } from './markdown-uncertainty.ts';
import { REPLAY_WORDS, replayNotes, replayRows } from './replay-words.ts';
import {
  BILLED_WORDS,
  COMPONENT_WORDS,
  driverValue,
  driverWords,
  isCentral,
  relativeDifference,
  unbilledWords,
} from './words.ts';

const md = markdownText;
/** Three digits, as on the page; report.json has them all. */
const amount = (value: number | null): string => (value === null ? UNKNOWN : roughUsd(value));
const difference = (value: number | null): string => (value === null ? UNKNOWN : roughDifference(value));

export function renderMarkdown(report: Report): string {
  return `${[
    ...lead(report),
    ...section('Why, and what would change it', whyAndWhen(report)),
    ...uncertaintySections(report),
    ...section('Strategies', strategies(report)),
    ...section('Break-even', breakEvens(report)),
    ...section('Claims', claimLines(report)),
    ...section('What the total is made of', composition(report)),
    ...(report.attribution === undefined
      ? []
      : section(attributionTitle(report.attribution), attributionLines(report))),
    ...section('What happens to each request', replays(report)),
    ...section('Billed against computed', billed(report)),
    ...section('What to know before relying on this', caveats(report)),
    ...section('Assumptions', assumptions(report)),
    ...section('What is known of gateways and sellers', facts(report)),
    ...section('How to get the same report again', reproduction(report)),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

/** In full, one by one. */
function whyAndWhen({ recommendation: { reasons, would_change_if } }: Report): string[] {
  return [
    ...(reasons.length === 0 ? [] : [...bullets(reasons.map(md)), '']),
    ...(would_change_if.length === 0
      ? []
      : ['What would change the answer:', '', ...bullets(would_change_if.map(md)), '']),
  ];
}

function replays(report: Report): string[] {
  const found = report.replays ?? [];
  if (found.length === 0) return [];
  const head = ['', ...found.map(({ strategy }) => md(strategy))];
  const rows = replayRows(found).map(({ label, cells }) => [md(label), ...cells.map(md)]);
  const notes = found.flatMap(replayNotes);
  return [...table(head, `l${'r'.repeat(found.length)}`, rows), ...bullets([REPLAY_WORDS, ...notes].map(md)), ''];
}

function strategies(report: Report): string[] {
  const searched = optimisedSentences(report).map(md);
  return [...strategyTable(report), ...(searched.length === 0 ? [] : [...bullets(searched), ''])];
}

function strategyTable(report: Report): string[] {
  return table(
    ['Strategy', 'Net present cost', 'Against the baseline', 'Total, undiscounted', 'Cash part of the total', ''],
    'lrrrrl',
    inRankOrder(report).map((s) => [
      s.title === s.id ? md(s.id) : `**${md(s.id)}** ${md(s.title)}`,
      amount(s.npv_usd),
      s.id === report.baseline ? '' : difference(againstBaseline(report, s)),
      amount(s.total_usd),
      amount(s.cash_usd),
      marks(report, s).map(md).join(', '),
    ]),
  );
}

function breakEvens(report: Report): string[] {
  if (report.break_even.length === 0) return ['No break-even was searched.', ''];
  const central = report.break_even.filter((entry) => isCentral(report, entry));
  const others = report.break_even.length - central.length;
  return [
    ...table(
      ['Between', 'Driver', 'Here', 'Break-even'],
      'llrl',
      central.map((entry) => [
        `${md(entry.a)} and ${md(entry.b)}`,
        driverWords(entry),
        md(driverValue(report.start, entry.driver, entry.unit, entry.at)),
        md(entry.verdict),
      ]),
    ),
    ...(others === 0
      ? []
      : [`Between the other strategies: ${plural(others, 'row')} in report.json and report.html.`, '']),
  ];
}

function claimLines(report: Report): string[] {
  const rows = claimRows(report);
  if (rows.length === 0) return [];
  const noted = rows.filter(({ notes }) => notes.length > 0);
  return [
    ...table(
      ['Claim', 'Verdict', 'Where', 'Figures here'],
      'llll',
      rows.map(({ text, source, verdict, where, evidence }) => [
        `${md(text)} (${markdownLinkedText(source)})`,
        `**${md(verdict)}**`,
        md(where),
        md(evidence.join('; ')),
      ]),
    ),
    ...noted.flatMap(({ text, notes }) => [
      `- ${md(text)}`,
      ...notes.map((note) => `  - ${note.head}: ${markdownLinkedText(note.text)}`),
    ]),
    ...(noted.length === 0 ? [] : ['']),
  ];
}

function composition(report: Report): string[] {
  const used = COMPONENTS.filter((c) => report.strategies.some((s) => (s.by_component[c] ?? null) !== null));
  if (used.length === 0) return [];
  return table(
    ['Component', ...report.strategies.map(({ id }) => md(id))],
    `l${'r'.repeat(report.strategies.length)}`,
    used.map((c) => [COMPONENT_WORDS[c], ...report.strategies.map((s) => amount(amountOf(s.by_component[c])))]),
  );
}

function billed({ traffic: { billed: found } }: Report): string[] {
  if (found === undefined) return [];
  return [
    `${BILLED_WORDS[found.basis]} ${md(unbilledWords(found))}`.trimEnd(),
    '',
    ...table(
      ['Model', 'Billed', 'At list prices', 'Difference', '', 'What would explain it'],
      'lrrrrl',
      found.models.map((m) => [
        md(m.model),
        usd(m.billed_usd),
        usd(m.computed_usd),
        usdDifference(m.difference_usd),
        relativeDifference(m.billed_usd, m.computed_usd),
        md(m.explanation ?? ''),
      ]),
    ),
  ];
}

/** A component that a strategy does not have costs nothing; one that is unpriced stays unpriced. */
const amountOf = (amount: number | null | undefined): number | null => (amount === undefined ? 0 : amount);

function caveats(report: Report): string[] {
  const { traffic, unpriced, diagnostics, scenario } = report;
  const lines = [
    ...unpriced.map(
      (u) =>
        `Unpriced: ${md(u.model)}, ${plural(u.requests, 'request')}, in ${u.strategies.map(md).join(', ')}. ${md(u.reason)}`,
    ),
    ...(traffic.rejected > 0
      ? [
          `${plural(traffic.rejected, 'row')} of the traffic could not be read and ${traffic.rejected === 1 ? 'is' : 'are'} not counted.`,
        ]
      : []),
    ...diagnostics.map((d) => `${d.severity}: ${md(d.path)}: ${md(d.message)}`),
    ...scenario.notes.map(md),
  ];
  return lines.length === 0 ? [] : [...bullets(lines), ''];
}

function assumptions(report: Report): string[] {
  if (report.assumptions.length === 0) return [];
  return table(
    ['Assumption', 'Value', 'Range', 'Source', 'Stated by'],
    'lrlll',
    report.assumptions.map((a) => [
      md(a.path),
      md(quantity(a.value, a.unit)),
      a.range === undefined ? 'none' : md(a.range),
      markdownLinkedText(a.source) + (a.as_of === undefined ? '' : `, ${md(a.as_of)}`),
      a.given ? 'scenario' : 'project',
    ]),
  );
}

function facts({ facts: known = [] }: Report): string[] {
  if (known.length === 0) return [];
  const joined = (texts: readonly string[], shown: (text: string) => string): string =>
    texts.length === 0 ? 'none' : texts.map(shown).join('; ');
  return table(
    ['Of', 'As of', 'Confidence', 'Not verified', 'Sources'],
    'lllll',
    known.map((fact) => [
      md(fact.name) + (fact.stated ? ', in part stated by the scenario' : ''),
      `${md(fact.as_of)} (${age(fact.age_days)})`,
      fact.confidence,
      joined(fact.unverified, md),
      joined(fact.sources, markdownLinkedText),
    ]),
  );
}

function reproduction(report: Report): string[] {
  const { version, inputs, price_book, command } = report.provenance;
  const oldest = Math.max(...price_book.prices.map(({ age_days }) => age_days));
  return [
    ...bullets([
      `Command: ${md(command)}`,
      `Tollgate ${md(version)}, seed ${number(report.seed).replaceAll(',', '')}, scenario ${md(report.scenario.hash)}`,
      `Price book ${md(price_book.sha256)}, newest price of ${md(price_book.newest_on)}${
        Number.isFinite(oldest) ? `, oldest price used: ${ageAtStart(oldest)}` : ''
      }`,
      ...inputs.map(({ name, sha256 }) => `${md(name)}: sha256 ${md(sha256)}`),
    ]),
    '',
  ];
}
