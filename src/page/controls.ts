/**
 * A driver's control: slider and field for a number, a check box for a switch, each with a plain sentence, its range and
 * central value, and a reset. Takes drivers and says which value was chosen; it computes no outcome.
 */
/// <reference lib="dom" />
import { quantity } from '../report/format.ts';
import type { Driver } from '../whatif/what-if.ts';
import { element, say } from './element.ts';
import { nearestStop, stopsOf } from './stops.ts';
import { fieldText, shownUnit, typedValue } from './typed-value.ts';

export interface Control {
  readonly driver: Driver;
  readonly node: HTMLElement;
  value(): number;
  /** Something stands in its field that is no value. */
  isWrong(): boolean;
  /** Shows a value without telling it as chosen. */
  show(value: number): void;
}

/** @param isLive while a slider moves; false when a value stands */
export type Chosen = (driver: Driver, value: number) => void;

export const shownValue = ({ kind, unit, words }: Driver, value: number): string =>
  kind === 'switch'
    ? value >= 0.5
      ? (words?.[1] ?? 'on')
      : (words?.[0] ?? 'off')
    : unit.startsWith('USD')
      ? quantity(value, unit)
      : withUnit(fieldText(Number(value.toPrecision(4)), unit), shownUnit(unit).text);

const withUnit = (number: string, unit: string): string =>
  unit === '' ? number : unit.startsWith('%') ? `${number}${unit}` : `${number} ${unit}`;

export const control = (driver: Driver, index: number, onChosen: Chosen): Control =>
  driver.kind === 'switch' ? switchControl(driver, index, onChosen) : numberControl(driver, index, onChosen);

function switchControl(driver: Driver, index: number, onChosen: Chosen): Control {
  const id = `driver-${index}`;
  const box = element('input', { type: 'checkbox', id, 'aria-describedby': `${id}-plain`, 'data-path': driver.path });
  const node = element(
    'div',
    { class: 'driver switch' },
    element('label', { for: id }, box, element('span', {}, driver.label)),
    element(
      'small',
      { id: `${id}-plain` },
      `${sentence(driver.plain)} In the report: ${shownValue(driver, driver.central)}.`,
    ),
  );
  box.addEventListener('change', () => onChosen(driver, box.checked ? driver.most : driver.least));
  let now = driver.central;
  const show = (value: number): void => {
    now = value;
    box.checked = value >= 0.5;
    node.classList.toggle('changed', value !== driver.central);
    node.dataset.value = String(value);
  };
  show(driver.central);
  return { driver, node, value: () => now, isWrong: () => false, show };
}

function numberControl(driver: Driver, index: number, onChosen: Chosen): Control {
  const id = `driver-${index}`;
  let reach: Reach = driver;
  let stops = stopsOf(driver);
  const unit = shownUnit(driver.unit).text;
  const range = element('input', {
    type: 'range',
    id,
    min: 0,
    step: 1,
    'data-path': driver.path,
    'aria-describedby': `${id}-plain`,
  });
  const field = element('input', {
    type: 'text',
    id: `${id}-value`,
    inputmode: 'decimal',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-label': `${driver.label}${unit === '' ? '' : ` in ${unit}`}`,
    'aria-describedby': `${id}-problem`,
    'data-path': driver.path,
  });
  const problem = element('p', { class: 'problem', id: `${id}-problem`, role: 'alert' });
  const back = element('button', { type: 'button', 'aria-label': `Reset ${driver.label}` }, 'Reset');
  const mark = element('span', { class: 'central', 'aria-hidden': 'true' });
  const [low, high] = [element('span'), element('span')];
  const widened = element('small', { class: 'widened', role: 'status' });
  const node = element(
    'div',
    { class: 'driver' },
    element(
      'div',
      { class: 'row' },
      element('label', { for: id }, driver.label),
      element('span', { class: 'typed' }, field, ` ${unit}`),
    ),
    range,
    element('span', { class: 'marks' }, mark),
    element('span', { class: 'ends', 'aria-hidden': 'true' }, low, high),
    widened,
    element(
      'div',
      { class: 'row' },
      element(
        'small',
        { id: `${id}-plain`, title: `${driver.path} · ${driver.source}` },
        `${sentence(driver.plain)} In the report: ${shownValue(driver, driver.central)}.`,
      ),
      back,
    ),
    problem,
  );
  let now = driver.central;
  let text = '';
  const span = (next: Reach): void => {
    reach = next;
    stops = stopsOf({ ...driver, ...next });
    const last = Math.max(1, stops.length - 1);
    range.max = String(last);
    mark.style.left = `${(100 * stops.indexOf(driver.central)) / last}%`;
    low.textContent = shownValue(driver, next.least);
    high.textContent = shownValue(driver, next.most);
    say(
      widened,
      next === driver ? '' : `Beyond the range of the report, ${ends(driver)}: the slider now runs further.`,
    );
  };
  const show = (value: number): void => {
    now = value;
    if (value === driver.central && reach !== driver) span(driver);
    else if (value < reach.least || value > reach.most)
      span({ least: Math.min(value, reach.least), most: Math.max(value, reach.most) });
    range.value = String(nearestStop(stops, value));
    range.setAttribute('aria-valuetext', shownValue(driver, value));
    text = fieldText(value === driver.central ? Number(value.toPrecision(4)) : value, driver.unit);
    field.value = text;
    field.title = String(value);
    field.removeAttribute('aria-invalid');
    say(problem, '');
    node.classList.toggle('changed', value !== driver.central);
    node.dataset.value = String(value);
    back.classList.toggle('idle', value === driver.central);
  };
  range.addEventListener('input', () => onChosen(driver, stops[Number(range.value)] ?? driver.central));
  field.addEventListener('change', () => {
    if (field.value === text) return show(now);
    const typed = typedValue(field.value, driver.unit);
    const wrong = 'problem' in typed ? typed.problem : outside(driver, typed.value);
    if (wrong === undefined && 'value' in typed) return onChosen(driver, typed.value);
    field.setAttribute('aria-invalid', 'true');
    say(problem, `${wrong}.`);
  });
  back.addEventListener('click', () => {
    onChosen(driver, driver.central);
    range.focus();
  });
  span(driver);
  show(driver.central);
  return { driver, node, value: () => now, isWrong: () => field.hasAttribute('aria-invalid'), show };
}

/** Over which values a slider runs: the driver's own, or further where somebody typed a value beyond. */
type Reach = Pick<Driver, 'least' | 'most'>;

const ends = (driver: Driver): string => `${shownValue(driver, driver.least)} to ${shownValue(driver, driver.most)}`;

/** No end of a field that anybody would type. */
const ENDLESS = 1e12;

function outside(driver: Driver, value: number): string | undefined {
  const { lowest, highest } = driver;
  if (value >= lowest && value <= highest) return undefined;
  if (highest >= ENDLESS) return `allowed are ${shownValue(driver, lowest)} and more`;
  return `allowed are ${shownValue(driver, lowest)} to ${shownValue(driver, highest)}`;
}

const sentence = (text: string): string => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`);
