/**
 * Settings as flags of `tollgate run`: each path with its value and unit, in quotes that a shell takes off and YAML reads as
 * text. Drivers that no scenario can state are left out; `settable` says which. Text alone.
 *
 * Example: a rate of 150 is `['--set', "engineering.loaded_rate='150 USD/hour'"]`.
 */
import type { Driver, Settings, WhatIf } from './what-if.ts';

export function setFlags({ drivers }: Pick<WhatIf, 'drivers'>, settings: Settings): string[] {
  return drivers.flatMap((driver) => {
    const value = settings[driver.path];
    if (value === undefined || !driver.settable) return [];
    return ['--set', `${driver.set_path ?? driver.path}=${written(driver, value)}`];
  });
}

function written({ words, unit }: Driver, value: number): string {
  if (words !== undefined) return words[value >= 1 ? 1 : 0];
  return /^[A-Za-z]/.test(unit) && !unit.startsWith('fraction') ? `'${value} ${unit}'` : String(value);
}
