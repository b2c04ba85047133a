/** A calibration in words for a terminal: each assumption beside what was measured, then what the answer becomes. */
import type { Answer, AnswerChange, Mover } from '../calibration/answer-change.ts';
import type { Calibration } from '../calibration/calibrate.ts';
import type { Assumed, CalibratedQuantity, CalibrationVerdict, MeasuredValue, Row } from '../calibration/row.ts';
import { plainText } from '../report/escape.ts';
import { listed, number, plural, quantity, usd, usdDifference } from '../report/format.ts';

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
}

const TITLES: Readonly<Record<CalibratedQuantity, string>> = {
  hop_latency: 'Latency that the gateway adds',
  error_share: 'Errors outside outages, share of attempts',
  token_markup: 'Markup on tokens',
  price: 'Price against the price book, difference',
  token_ratio: 'Billed tokens over those of the baseline',
  cached_price: 'Price of cached input passes through',
  failed_attempt: 'Time of a failed attempt',
};

const VERDICTS: Readonly<Record<CalibrationVerdict, string>> = {
  within: 'within range',
  outside: 'outside',
  not_assumed: 'not assumed',
  not_measured: 'not measured',
  not_modelled: 'not modelled',
};

export const BANNER = 'SIMULATED: a stand-in answered. Nothing of this was seen in the world.';

export function calibrationText(name: string, found: Calibration, answer: AnswerChange, paint: Paint): string {
  const { origin, rows, unmeasured, unused_targets } = found;
  const notes = [
    ...(found.complete ? [] : ['The run is partial: it was interrupted, or its cap was reached.']),
    ...unmeasured.map(
      ({ id, strategies }) =>
        `Nothing was measured of ${id}, which ${listed(strategies)} ${strategies.length === 1 ? 'uses' : 'use'}.`,
    ),
    ...(unused_targets.length === 0 ? [] : [`Measured and not used by the scenario: ${listed(unused_targets)}.`]),
  ];
  return [
    paint.bold(
      `${plainText(name)} beside ${origin.simulated ? 'simulated ' : ''}measurements of ${origin.on} (${plural(origin.rounds, 'round')}, sha256 ${origin.sha256.slice(0, 12)})`,
    ),
    ...(origin.simulated ? [paint.bad(BANNER)] : []),
    ...rows.flatMap((row) => ['', ...rowLines(row, paint)]),
    '',
    ...notes.map(plainText),
    ...(notes.length === 0 ? [] : ['']),
    ...answerLines(answer, origin.simulated, paint),
    '',
  ].join('\n');
}

function rowLines(
  { quantity: what, path, strategies, unit, assumed, measured, verdict, why }: Row,
  paint: Paint,
): string[] {
  const place = [path ?? 'no input', ...(strategies.length === 0 ? [] : [`(${listed(strategies)})`])].join(' ');
  const colour = verdict === 'within' ? paint.good : verdict === 'outside' ? paint.bad : paint.dim;
  const verdictLine = `  ${colour(VERDICTS[verdict].padEnd(12))}  ${plainText(why.join('; '))}`.trimEnd();
  return [
    `${paint.bold(TITLES[what])}  ${plainText(place)}`,
    `  ${'assumed'.padEnd(12)}  ${assumed === null ? 'nothing' : assumedText(assumed, unit)}`,
    ...(measured === null ? [] : [`  ${'measured'.padEnd(12)}  ${measuredText(measured, unit)}`]),
    verdictLine,
  ];
}

const shown = (value: number, unit: Row['unit']): string =>
  unit === 'yes/no' ? (value === 1 ? 'yes' : 'no') : quantity(Number(value.toPrecision(4)), unit);

const range = (low: number, high: number, unit: Row['unit'], level: number): string =>
  low === high ? '' : `, ${shown(low, unit)} to ${shown(high, unit)} (${number(level * 100)} %)`;

const assumedText = ({ value, low, high, source, as_of, given }: Assumed, unit: Row['unit']): string =>
  `${shown(value, unit)}${range(low, high, unit, 0.9)}; ${given ? '' : 'not stated by the scenario; '}${plainText(source)}${as_of === null ? '' : `, as of ${plainText(as_of)}`}`;

const measuredText = (
  { value, low, high, level, samples, on, targets, how }: MeasuredValue,
  unit: Row['unit'],
): string =>
  `${shown(value, unit)}${range(low, high, unit, level)}; ${plural(samples, 'sample')}, ${on}, ${plainText(targets.join(', '))}: ${plainText(how)}`;

function answerLines({ before, after, movers }: AnswerChange, isSimulated: boolean, paint: Paint): string[] {
  if (movers.length === 0)
    return [paint.bold('The answer stays: no measured value can be put in place of an assumption.')];
  const [was, is] = [before.recommended ?? 'nothing', after.recommended ?? 'nothing'];
  const head =
    was === is
      ? `The recommendation stands with ${isSimulated ? 'simulated' : 'measured'} values: ${was}.`
      : `The recommendation changes with ${isSimulated ? 'simulated' : 'measured'} values: from ${was} to ${is}.`;
  const savings = `  It saves ${savingText(before)} before, ${savingText(after)} after.`;
  const width = Math.max(...after.costs.map(({ strategy }) => strategy.length));
  const costs = after.costs.map(({ strategy, npv_usd }) => {
    const earlier = before.costs.find((one) => one.strategy === strategy)?.npv_usd ?? null;
    const change = earlier === null || npv_usd === null ? '' : `  ${usdDifference(npv_usd - earlier)}`;
    return `  ${strategy.padEnd(width)}  ${usd(earlier)} -> ${usd(npv_usd)}${change}`;
  });
  return [
    paint.bold(head),
    savings,
    '',
    paint.bold('Net present cost, before and after'),
    ...costs,
    '',
    paint.bold('What moves it, each value alone'),
    ...movers.map((mover) => `  ${plainText(moverText(mover, was))}`),
  ];
}

const savingText = ({ saving_usd, versus }: Answer): string =>
  saving_usd === null ? 'an unknown sum' : `${usd(saving_usd)}${versus === null ? '' : ` against ${versus}`}`;

function moverText({ path, lead_change_usd, strategy, npv_change_usd, recommended }: Mover, was: string): string {
  if (strategy === null) return `${path}: changes no cost`;
  const lead =
    lead_change_usd === null
      ? ''
      : `lead of ${was} ${lead_change_usd === 0 ? 'as before' : usdDifference(lead_change_usd)}; `;
  const flip =
    (recommended ?? 'nothing') === was ? '' : `; it alone changes the recommendation to ${recommended ?? 'nothing'}`;
  return `${path}: ${lead}${strategy} ${usdDifference(npv_change_usd)}${flip}`;
}
