/**
 * How good the data is that all rests on: window of the traffic, rejected rows, unpriced usage, age of prices, confidence of
 * facts; then what was warned about and what the scenario's author notes. Takes the report, weighs by fixed marks that it names.
 */

import type { Report } from '../contract.ts';
import { type Html, type HtmlValue, html, linkedText } from '../escape.ts';
import { ageAtStart, number, plural, share } from '../format.ts';
import { BILLED_WORDS } from '../words.ts';
import { list, section, table } from './table.ts';
import { instant, span } from './traffic.ts';

/** A week's export seldom spans its last minutes. */
const [SHORT_HOURS, OLD_DAYS, MANY_REJECTED] = [6.5 * 24, 180, 0.01];

interface Check {
  readonly what: string;
  readonly found: HtmlValue;
  /** What to think of it; undefined: nothing is amiss. */
  readonly doubt?: string | undefined;
}

export function dataQualitySection(report: Report): Html {
  const { unpriced, diagnostics, scenario } = report;
  return section(
    'data-quality',
    'Data quality',
    html`<p>What to know before relying on this. A mark stands where the data is short of what the answer asks of it.</p>
`,
    table(
      'Data quality',
      [{ head: 'Of' }, { head: 'Found' }, { head: 'Mark' }],
      [
        traffic(report),
        rejected(report),
        failed(report),
        priced(report),
        prices(report),
        facts(report),
        assumptions(report),
      ]
        .filter((check) => check !== null)
        .map(({ what, found, doubt }) => [
          what,
          found,
          doubt === undefined
            ? html`<span class="tag yes">good</span>`
            : html`<span class="tag no">mind</span><small>${doubt}</small>`,
        ]),
    ),
    unpriced.length > 0 &&
      html`<h3>Unpriced usage</h3>
<p>An unknown price is never taken as zero: the strategies named here have no total.</p>
${table(
  'Unpriced usage',
  [{ head: 'Model' }, { head: 'Requests', numeric: true }, { head: 'Why' }, { head: 'Strategies touched' }],
  unpriced.map((u) => [u.model, number(u.requests), u.reason, u.strategies.join(', ')]),
)}`,
    diagnostics.length > 0 &&
      html`<h3>Warnings and notices</h3>
${table(
  'Warnings and notices',
  [{ head: 'Where' }, { head: 'Kind' }, { head: 'What' }],
  diagnostics.map((d) => [
    html`<code>${d.path}</code>`,
    html`${d.severity === 'info' ? 'notice' : d.severity}<small>${d.code}</small>`,
    linkedText(d.message),
  ]),
)}`,
    scenario.notes.length > 0 &&
      html`<h3>Notes of the scenario</h3>
${list(scenario.notes.map(linkedText))}`,
  );
}

function traffic({ traffic: { source, requests, window } }: Report): Check {
  return {
    what: 'Traffic read',
    found: html`${plural(requests, 'request')} in ${span(window.hours)}<small>${source}, ${instant(window.from)} until ${instant(window.until)}</small>`,
    doubt:
      window.hours < SHORT_HOURS
        ? 'Less than a week: what differs between days of the week may be missing.'
        : undefined,
  };
}

function rejected({ traffic: { rejected: rows, requests } }: Report): Check {
  const fraction = rows / Math.max(1, rows + requests);
  return {
    what: 'Rows that could not be read',
    found: rows === 0 ? 'none' : `${number(rows)}, ${share(Number(fraction.toPrecision(2)))} of all; not counted`,
    doubt: fraction >= MANY_REJECTED ? 'The traffic counted is less than what there was.' : undefined,
  };
}

const failed = ({ traffic: { failed_requests, requests } }: Report): Check | null =>
  requests === 0
    ? null
    : {
        what: 'Requests that failed in the window',
        found:
          failed_requests === 0
            ? 'none'
            : `${number(failed_requests)}, ${share(Number((failed_requests / requests).toPrecision(2)))}`,
      };

function priced({ unpriced, traffic: { requests, billed } }: Report): Check {
  const without = unpriced.reduce((sum, one) => sum + one.requests, 0);
  return {
    what: 'Usage without a price',
    found: html`${without === 0 ? 'none' : `${number(without)} of ${plural(requests, 'request')}, ${plural(unpriced.length, 'model')}`}${
      billed !== undefined &&
      html`<small>${BILLED_WORDS[billed.basis]} <a href="#billed">Billed against computed</a></small>`
    }`,
    doubt: unpriced.length > 0 ? 'Totals that it touches are left open.' : undefined,
  };
}

function prices({ provenance: { price_book: book } }: Report): Check {
  const oldest = [...book.prices].sort((a, b) => b.age_days - a.age_days)[0];
  return {
    what: 'Prices used',
    found:
      oldest === undefined
        ? 'none'
        : html`${plural(book.prices.length, 'price')}; the oldest is ${ageAtStart(oldest.age_days)}<small>${oldest.model}, as of ${oldest.as_of}. Newest of the price book: ${book.newest_on}. <a href="#prices">All prices</a></small>`,
    doubt:
      oldest !== undefined && oldest.age_days > OLD_DAYS
        ? 'More than half a year old: prices may have changed.'
        : undefined,
  };
}

function facts({ facts: known = [] }: Report): Check | null {
  if (known.length === 0) return null;
  const unsure = known.filter(({ confidence }) => confidence === 'low' || confidence === 'none');
  const open = known.reduce((sum, { unverified }) => sum + unverified.length, 0);
  return {
    what: 'Facts of gateways and sellers',
    found: html`${number(known.length)} looked up, ${plural(open, 'statement')} not verified<small><a href="#facts">What is known</a></small>`,
    doubt: unsure.length > 0 ? `Low confidence: ${unsure.map(({ name }) => name).join(', ')}.` : undefined,
  };
}

function assumptions({ assumptions: all, uncertainty }: Report): Check {
  const given = all.filter((one) => one.given).length;
  return {
    what: 'Assumptions',
    found: html`${number(given)} stated by the scenario, ${number(all.length - given)} defaults of the project<small>${
      uncertainty !== undefined &&
      `${number(uncertainty.varied)} of them uncertain, drawn ${number(uncertainty.draws)} times. `
    }<a href="#assumptions">All assumptions</a></small>`,
    doubt:
      uncertainty === undefined
        ? 'Nothing is said to be uncertain, or no draws were made: how sure the answer is can’t be told.'
        : undefined,
  };
}
