/**
 * How sure the live outcome is: draws of all that is uncertain, made in the worker when asked for, with a progress mark and
 * a way to stop. What was found belongs to the values for which it was asked and goes when one changes.
 */
/// <reference lib="dom" />
import { number } from '../report/format.ts';
import type { LiveReport } from '../report/html/what-if.ts';
import { roughUsd } from '../report/known-digits.ts';
import type { OutcomeUncertainty, Settings } from '../whatif/what-if.ts';
import type { Background } from './background.ts';
import { element, say } from './element.ts';
import { figureOf } from './outcome-table.ts';

const DRAWS = 1000;

export interface HowSurePart {
  readonly node: HTMLElement;
  /** Values have changed: what was found no longer belongs to them. */
  forget(): void;
}

export function howSurePart({ what_if }: LiveReport, background: Background, settings: () => Settings): HowSurePart {
  const ask = element('button', { type: 'button' }, `Draw ${number(DRAWS)} worlds`);
  const stop = element('button', { type: 'button', hidden: true }, 'Stop');
  const progress = element('progress', { max: 1, value: 0, hidden: true, 'aria-label': 'Draws done' });
  const told = element('p', { class: 'told', role: 'status' });
  const found = element('div', {
    class: 'scroll',
    role: 'region',
    tabindex: 0,
    'aria-label': 'Draws, live',
    hidden: true,
  });
  const busy = (is: boolean): void => {
    ask.disabled = is;
    stop.hidden = !is;
    progress.hidden = !is;
    progress.value = 0;
  };
  ask.addEventListener('click', () => {
    found.hidden = true;
    say(told, 'Drawing …');
    busy(true);
    background.ask(
      { kind: 'uncertainty', settings: settings(), draws: DRAWS, seed: what_if.draws.seed },
      {
        progress: (fraction) => {
          progress.value = fraction;
        },
        done: (result) => {
          busy(false);
          say(told, sureWords(result));
          found.replaceChildren(tableOf(result));
          found.hidden = false;
        },
        failed: (problem) => {
          busy(false);
          say(told, `No draws: ${problem}.`);
        },
      },
    );
  });
  stop.addEventListener('click', () => {
    background.cancel();
    busy(false);
    say(told, 'Stopped.');
    ask.focus();
  });
  return {
    node: element(
      'div',
      {},
      element('h3', {}, 'How sure, at these values?'),
      element(
        'p',
        { class: 'hint' },
        'Everything that is uncertain is drawn anew, many times; a driver that you changed stays where you put it.',
      ),
      element('p', {}, ask, ' ', stop, ' ', progress),
      told,
      found,
    ),
    forget() {
      background.cancel();
      busy(false);
      if (!found.hidden || told.textContent !== '') say(told, found.hidden ? '' : 'Values have changed: draw again.');
      found.hidden = true;
    },
  };
}

function sureWords({ draws, strategies }: OutcomeUncertainty): string {
  const best = [...strategies].sort((a, b) => b.cheapest_fraction - a.cheapest_fraction)[0];
  if (best === undefined) return 'No strategy can be ranked.';
  const tied = best.tied_fraction > 0 ? `, and level with another in ${percent(best.tied_fraction)}` : '';
  return `${best.id} is the cheapest in ${percent(best.cheapest_fraction)} of ${number(draws)} draws${tied}.`;
}

/** Neither all nor none is never shown as 100% or 0%. */
const percent = (share: number): string =>
  share > 0 && share < 0.01 ? 'under 1%' : share < 1 && share > 0.99 ? 'over 99%' : `${Math.round(100 * share)}%`;

const tableOf = ({ strategies }: OutcomeUncertainty): HTMLTableElement =>
  element(
    'table',
    {},
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col' }, 'Strategy'),
        ...['Cheapest in', 'Mean', 'P5', 'Median', 'P95'].map((head) =>
          element('th', { scope: 'col', class: 'n' }, head),
        ),
      ),
    ),
    element(
      'tbody',
      {},
      ...[...strategies]
        .sort((a, b) => a.mean_usd - b.mean_usd)
        .map((one) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, one.id),
            element('td', { class: 'n' }, figureOf(one.cheapest_fraction, 'cheapest', percent)),
            ...[one.mean_usd, one.p5_usd, one.p50_usd, one.p95_usd].map((usd, i) =>
              element('td', { class: 'n' }, figureOf(usd, ['mean', 'p5', 'p50', 'p95'][i]!, roughUsd)),
            ),
          ),
        ),
    ),
  );
