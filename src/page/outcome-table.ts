/**
 * What a run comes to, as a table: each strategy's net present cost, cash, difference from the baseline and from the
 * report's own figure. Exact numbers stand in `data-value` and on hover; it weighs nothing.
 */
/// <reference lib="dom" />
import { roughDifference, roughUsd } from '../report/known-digits.ts';
import type { Outcome, OutcomeAlternative } from '../whatif/what-if.ts';
import { element } from './element.ts';

export interface Compared {
  readonly outcome: Outcome;
  /** The report's own, at central values. */
  readonly reported: Outcome;
  readonly baseline: string;
}

export const isRanked = ({ excluded, comes_to, unranked, npv_usd }: OutcomeAlternative): boolean =>
  excluded === undefined && comes_to === undefined && unranked === undefined && npv_usd !== null;

/** A rounded figure with the exact one behind it. */
export function figureOf(value: number | null, name: string, words: (value: number) => string): HTMLElement {
  if (value === null) return element('span', { 'data-figure': name }, 'unpriced');
  return element('span', { 'data-figure': name, 'data-value': String(value), title: String(value) }, words(value));
}

export const difference = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a === null || b === null || a === undefined || b === undefined ? null : a - b;

const HEADS = ['Strategy', 'Net present cost', 'of it cash', 'Against baseline', 'Against the report'];

export function outcomeTable({ outcome, reported, baseline }: Compared): HTMLTableElement {
  const base = outcome.alternatives.find(({ id }) => id === baseline);
  const order = [...outcome.alternatives].sort(
    (a, b) => Number(isRanked(b)) - Number(isRanked(a)) || (a.npv_usd ?? 0) - (b.npv_usd ?? 0) || 0,
  );
  return element(
    'table',
    {},
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...HEADS.map((head, i) => element('th', i === 0 ? { scope: 'col' } : { scope: 'col', class: 'n' }, head)),
      ),
    ),
    element(
      'tbody',
      {},
      ...order.map((one) => {
        const before = reported.alternatives.find(({ id }) => id === one.id);
        const cells = [
          figureOf(one.npv_usd, 'npv', roughUsd),
          figureOf(one.cash_npv_usd, 'cash', roughUsd),
          one.id === baseline ? '–' : figureOf(difference(one.npv_usd, base?.npv_usd), 'against', roughDifference),
          figureOf(difference(one.npv_usd, before?.npv_usd), 'change', roughDifference),
        ];
        return element(
          'tr',
          { 'data-strategy': one.id, class: one.id === outcome.recommendation?.strategy && 'best' },
          element('th', { scope: 'row' }, one.id, ...marksOf(one, outcome, baseline)),
          ...cells.map((cell) => element('td', { class: 'n' }, cell)),
        );
      }),
    ),
  );
}

function marksOf(one: OutcomeAlternative, { recommendation }: Outcome, baseline: string): HTMLElement[] {
  const words = [
    ...(one.id === recommendation?.strategy ? ['recommended'] : []),
    ...(one.id === baseline ? ['baseline'] : []),
    ...(one.excluded === undefined ? [] : [`excluded: ${one.excluded}`]),
    ...(one.comes_to === undefined ? [] : [`not ranked: comes to ${one.comes_to}`]),
    ...(one.unranked === undefined ? [] : [`not ranked: ${one.unranked}`]),
    ...one.choices.flatMap((choice) =>
      choice.decision === 'change_over'
        ? [`to ${choice.subject} at month ${choice.month}`]
        : choice.decision === 'commitment'
          ? [`commits ${roughUsd(choice.usd_per_month)} a month to ${choice.subject}`]
          : choice.is_built
            ? [`builds ${choice.subject.replaceAll('_', ' ')}`]
            : [],
    ),
  ];
  return words.length === 0 ? [] : [element('small', {}, words.join(', '))];
}
