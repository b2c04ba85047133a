/** What is known of the gateways and sellers in play: date, confidence, what could not be verified, sources. */
import type { Report } from '../contract.ts';
import { type Html, html, linkedText } from '../escape.ts';
import { age } from '../format.ts';
import { list, section, table } from './table.ts';

export function factsSection({ facts = [] }: Report): Html | false {
  if (facts.length === 0) return false;
  return section(
    'facts',
    'What is known of gateways and sellers',
    html`<p>Fees and terms come from the sources named here. What they do not say is listed and is in no figure.</p>
`,
    table(
      'What is known of gateways and sellers',
      [{ head: 'Of' }, { head: 'As of' }, { head: 'Confidence' }, { head: 'Not verified' }, { head: 'Sources' }],
      facts.map((fact) => [
        html`${fact.name}${fact.stated && html`<small>in part stated by the scenario</small>`}`,
        html`<span class="date">${fact.as_of}</span><small>${age(fact.age_days)}</small>`,
        fact.confidence,
        fact.unverified.length === 0 ? '–' : list(fact.unverified),
        fact.sources.length === 0 ? '–' : list(fact.sources.map(linkedText)),
      ]),
    ),
  );
}
