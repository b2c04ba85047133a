/** Which routes there were, which were skipped and why; what the run was, so that it can be had again. */
import { type Html, html } from '../../report/escape.ts';
import { list, section, table } from '../../report/html/table.ts';
import type { Comparison } from '../compare.ts';
import type { MeasuredTarget, Measurements } from '../contract.ts';
import { instantWords, priceAgeWords, priceBookWords, spentWords, usedPriceWords } from '../words.ts';

export const routesSection = (found: Measurements, { targets, skipped }: Comparison): Html | false =>
  targets.length + skipped.length > 0 &&
  section(
    'routes',
    'Routes',
    table(
      'Routes',
      [{ head: 'Route' }, { head: 'Kind' }, { head: 'Model' }, { head: 'Address' }, { head: 'Priced as' }],
      [...targets, ...skipped].map((one) => [
        html`${one.id}${one.is_baseline && html`<small>baseline</small>`}`,
        html`${one.kind.replaceAll('_', ' ')}<small>${one.system}, speaks ${one.api}</small>`,
        one.model,
        html`${one.base_url}${one.skipped !== null && html`<small><span class="tag no">skipped</span>${one.skipped}</small>`}`,
        pricedAs(found, one),
      ]),
    ),
  );

function pricedAs(found: Measurements, target: MeasuredTarget): Html | string {
  const { priced_as } = target;
  if (priced_as === null) return 'nowhere';
  const age = priceAgeWords(found, target);
  return html`${priced_as.seller}/${priced_as.model}${age !== undefined && html`<small>${age}</small>`}`;
}

export const reproductionSection = (found: Measurements): Html =>
  section(
    'reproduce',
    'The run',
    list([
      `${instantWords(found.started_at)} to ${instantWords(found.ended_at)} UTC`,
      `Tollgate ${found.tollgate}, Node ${found.node}, seed ${found.seed}`,
      spentWords(found),
      priceBookWords(found),
      ...usedPriceWords(found).map((one) => `Price of ${one}`),
      found.simulated ? 'Simulated: a local stand-in gave all answers.' : 'Live: every answer came over the network.',
      found.complete ? 'Complete.' : 'Partial: it was interrupted or reached its cap.',
    ]),
  );
