/** What the decision hangs on, and which of it is worth measuring: tornado, shares of the variance, value of information. */
import type { Report } from '../contract.ts';
import { byWorth, flipWords, inputValue, measureNext, perfectSentence, type Tornado } from '../driver-words.ts';
import { type Html, html } from '../escape.ts';
import { number, share } from '../format.ts';
import { usdMargin } from '../known-digits.ts';
import type { Uncertainty } from '../uncertainty-contract.ts';
import { drawnMoney } from './amounts.ts';
import { type DrawnChart, figure } from './figures.ts';
import { inputName, inputNames } from './input-name.ts';
import { folded, list, section, table } from './table.ts';

const numeric = true;
const LEAST_TOLD = 0.005;

export const hasDrivers = ({ uncertainty: found }: Report): boolean =>
  found !== undefined && (found.tornado !== null || found.sobol !== null);
export const hasMeasurements = ({ uncertainty: found }: Report): boolean =>
  found !== undefined && (found.perfect_information !== null || found.partial_information.length > 0);

export function driversSection(report: Report, charts: readonly DrawnChart[]): Html | false {
  const found = report.uncertainty;
  if (found === undefined || !hasDrivers(report)) return false;
  const { tornado } = found;
  const flips = tornado === null ? [] : flipsOf(tornado);
  return section(
    'drivers',
    'What drives it',
    tornado !== null &&
      html`<p>Each uncertain input is put at its P10 (only one draw in ten is lower) and at its P90 (one in ten is higher), one at a time. The longer the bar, the more the difference hangs on it.</p>
${
  charts.some(({ id }) => id === 'tornado')
    ? figure(
        report,
        charts,
        'tornado',
        'One at a time hides what inputs do together; a bar that stays on one side of zero does not change which of the two is cheaper.',
      )
    : html`<p class="note">No chart: no input moves the difference between ${tornado.strategy} and ${tornado.versus}.</p>
`
}${
  flips.length > 0
    ? html`<h3>Values at which another strategy becomes the cheapest</h3>
${list(flips)}`
    : html`<p>No input, put alone at its P10 or P90, makes another strategy the cheapest.</p>
`
}`,
    found.sobol !== null && sobol(found.sobol),
  );
}

/** Values at which another becomes the cheapest, one by one. */
const flipsOf = ({ bars }: Tornado): Html[] =>
  bars.flatMap((bar) =>
    flipWords(bar).map((words) => html`${inputName(bar.path)} (here ${inputValue(bar.central, bar.unit)}): ${words}`),
  );

const sobol = ({ strategy, versus, base_draws, evaluations, indices }: NonNullable<Uncertainty['sobol']>): Html => {
  const cells = ({ value, low, high }: { value: number; low: number; high: number }): Html =>
    low <= 0
      ? html`not to be told from 0<small>up to ${percent(high)}</small>`
      : html`${percent(value)}<small>${percent(low)} to ${percent(high)}</small>`;
  const shown = indices.filter(({ total }) => total.value >= LEAST_TOLD);
  return html`<h3>Share of the uncertainty that each input explains</h3>
<p>Sobol’ indices: shares of the variance of the difference between ${strategy} and ${versus}, by the input alone and together with others. The ranges are what the draws leave open. ${number(base_draws)} base draws, ${number(evaluations)} evaluations.</p>
${table(
  'Sobol’ indices',
  [{ head: 'Input' }, { head: 'Alone', numeric }, { head: 'With others', numeric }],
  shown.map(({ inputs, first_order, total }) => [inputNames(inputs), cells(first_order), cells(total)]),
)}${
  shown.length < indices.length &&
  html`<p>Inputs that explain less than 1% each, even with others: ${number(indices.length - shown.length)}.</p>
`
}`;
};

const percent = (fraction: number): string => share(Math.min(1, Math.max(0, Number(fraction.toFixed(2)))));

export function measurementsSection(report: Report): Html | false {
  const found = report.uncertainty;
  if (found === undefined || !hasMeasurements(report)) return false;
  const { told, rest } = byWorth(found);
  return section(
    'measure-next',
    'What to measure next',
    html`<p>An input is worth measuring as far as knowing it could change the choice. An input can drive the cost and still be worth nothing here: if every value of it leads to the same choice. Compare each figure with what measuring would cost.</p>
<p>${perfectSentence(found)}${told.length > 0 && ' Of the two estimates the first leans high and the cautious one low: the truth lies between.'}</p>
`,
    told.length === 0
      ? list(measureNext(found))
      : table(
          'What knowing an input before deciding is worth',
          [{ head: 'Input' }, { head: 'Worth at most', numeric }, { head: 'Cautious estimate', numeric }],
          told.map((value) => [
            inputNames(value.inputs),
            html`${drawnMoney(value.value_usd, value.se)}<small>${usdMargin(value.se)}</small>`,
            drawnMoney(value.cross_fitted_usd, value.se),
          ]),
        ),
    told.length > 0 &&
      rest.length > 0 &&
      folded('Inputs whose worth can’t be told from $0', list(rest.map(({ inputs }) => inputNames(inputs)))),
  );
}
