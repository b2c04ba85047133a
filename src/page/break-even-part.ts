/**
 * Break-even of a pair that is chosen, along months, volume, markup and hourly rate. Follows the values by itself, a moment
 * after they rest, computed in a worker. Takes what the analysis found and words it; it searches nothing.
 */
/// <reference lib="dom" />
import type { BreakEven } from '../analysis/break-even.ts';
import { breakEvenOf } from '../report/build-break-even.ts';
import type { LiveReport } from '../report/html/what-if.ts';
import { driverWords } from '../report/words.ts';
import type { Outcome, Settings } from '../whatif/what-if.ts';
import type { Background } from './background.ts';
import { element, say } from './element.ts';

const REST_MS = 250;
const DRIVERS = ['month', 'volume', 'markup', 'hourly_rate'] as const;

export interface BreakEvenPart {
  readonly node: HTMLElement;
  show(outcome: Outcome): void;
}

export function breakEvenPart(live: LiveReport, background: Background, settings: () => Settings): BreakEvenPart {
  const { what_if } = live;
  const ids = what_if.alternatives.filter(({ is_unpriced }) => !is_unpriced).map(({ id }) => id);
  const choose = (words: string): HTMLSelectElement =>
    element('select', { 'aria-label': words }, ...ids.map((id, i) => element('option', { value: i }, id)));
  const [one, other] = [choose('Break-even of'), choose('with')];
  const list = element('dl', { 'data-figure': 'break-even' });
  const told = element('p', { class: 'told' });
  let isChosen = false;
  let resting: ReturnType<typeof setTimeout> | undefined;
  const ask = (): void => {
    const [a, b] = [ids[Number(one.value)]!, ids[Number(other.value)]!];
    if (a === b) {
      background.cancel();
      list.replaceChildren();
      say(told, 'Choose two different strategies.');
      return;
    }
    list.classList.add('old');
    background.ask(
      { kind: 'break_even', settings: settings(), drivers: DRIVERS, a, b },
      {
        done: (found) => {
          list.classList.remove('old');
          say(told, '');
          list.replaceChildren(...found.flatMap((entry) => entryOf(what_if.start, entry)));
        },
        failed: (problem) => say(told, `No break-even: ${problem}.`),
      },
    );
  };
  for (const select of [one, other])
    select.addEventListener('change', () => {
      isChosen = true;
      ask();
    });
  return {
    node: element(
      'div',
      {},
      element('h3', {}, 'Where two cost the same, at these values'),
      element('p', {}, one, ' and ', other),
      told,
      list,
    ),
    show({ recommendation }) {
      if (ids.length < 2) return say(told, 'There is no second strategy with a price.');
      if (!isChosen) {
        const best = recommendation?.strategy ?? what_if.baseline;
        one.value = String(ids.indexOf(best));
        other.value = String(ids.indexOf(recommendation?.versus ?? ids.find((id) => id !== best) ?? best));
      }
      clearTimeout(resting);
      resting = setTimeout(ask, REST_MS);
    },
  };
}

/** The report's own words; the exact values stand behind them. */
function entryOf(start: string, found: BreakEven): HTMLElement[] {
  const entry = breakEvenOf(found, start);
  const exact = entry.crossings.map(({ value }) => String(value));
  return [
    element('dt', {}, driverWords(entry)),
    element(
      'dd',
      { 'data-driver': entry.driver, 'data-value': exact.join(' '), title: exact.join(', ') },
      entry.verdict,
    ),
  ];
}
