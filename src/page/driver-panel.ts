/** All controls: the most telling drivers open, the others folded by group, and what is held with the reason for it. */
/// <reference lib="dom" />
import type { InputGroup } from '../input-words.ts';
import { plural } from '../report/format.ts';
import type { Driver, Settings, WhatIf } from '../whatif/what-if.ts';
import { type Chosen, type Control, control } from './controls.ts';
import { element } from './element.ts';

const SHOWN = 8;
const GROUP_WORDS: Record<InputGroup, string> = {
  traffic: 'Traffic',
  prices: 'Prices',
  gateways: 'Gateways',
  engineering: 'Engineering',
  capabilities: 'Capabilities',
  outages: 'Outages',
  value: 'Value and discounting',
};

export interface DriverPanel {
  readonly node: HTMLElement;
  show(settings: Settings): void;
}

export function driverPanel({ drivers, held }: WhatIf, onChosen: Chosen): DriverPanel {
  const controls = drivers.map((driver, i) => control(driver, i, onChosen));
  const shown = controls.slice(0, SHOWN);
  const folded = controls.slice(SHOWN);
  const groups = (Object.keys(GROUP_WORDS) as InputGroup[]).map((group) => ({
    group,
    members: folded.filter(({ driver }) => driver.group === group),
  }));
  const counts: { readonly members: readonly Control[]; readonly told: HTMLElement }[] = [];
  const node = element(
    'div',
    { class: 'drivers' },
    element('h3', {}, 'What you can change'),
    element(
      'p',
      { class: 'hint' },
      `The mark under each slider is the report’s own value. Fields take 150, 5.5 % or 20k.${folded.length > 0 ? ' What moves the comparison most comes first.' : ''}`,
    ),
    ...shown.map((one) => one.node),
    ...groups
      .filter(({ members }) => members.length > 0)
      .map(({ group, members }) => {
        const told = element('span', { class: 'count' });
        counts.push({ members, told });
        return element(
          'details',
          {},
          element('summary', {}, `${GROUP_WORDS[group]}: ${plural(members.length, 'more driver')}`, told),
          ...members.map((one) => one.node),
        );
      }),
    held.length > 0 &&
      element(
        'details',
        {},
        element('summary', {}, `What is held, and why: ${plural(held.length, 'thing')}`),
        element('dl', {}, ...held.flatMap(({ what, why }) => [element('dt', {}, what), element('dd', {}, why)])),
      ),
  );
  return {
    node,
    show(settings) {
      for (const one of controls) {
        const value = settingOf(one.driver, settings);
        if (one.value() !== value || one.isWrong()) one.show(value);
      }
      for (const { members, told } of counts) {
        const changed = members.filter(({ driver }) => settingOf(driver, settings) !== driver.central).length;
        told.textContent = changed === 0 ? '' : ` (${changed} changed)`;
      }
    },
  };
}

export const settingOf = (driver: Driver, settings: Settings): number =>
  Object.hasOwn(settings, driver.path) ? settings[driver.path]! : driver.central;
