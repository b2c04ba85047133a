/**
 * Settings in the page's address: `#engineering.loaded_rate=150&traffic.volume.requests_per_month=20000`.
 *
 * Takes and gives text and settings; values are in the model's units and keep all their digits. A fragment without `=` is a
 * place on the page and no state. Unknown names and values that no scenario can hold are dropped and told.
 */
import type { Driver, Settings } from '../whatif/what-if.ts';

/** Long links are no links: nothing that this page writes comes near. */
const LONGEST = 20_000;

export const isState = (fragment: string): boolean => fragment.includes('=');

export function fragmentOf(settings: Settings): string {
  const parts = Object.entries(settings).map(([path, value]) => `${encodeURIComponent(path)}=${value}`);
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}

export interface ReadState {
  readonly settings: Settings;
  /** What could not be taken, in words. */
  readonly dropped: readonly string[];
}

export function settingsIn(fragment: string, drivers: readonly Driver[]): ReadState {
  const settings: Record<string, number> = Object.create(null);
  const dropped: string[] = [];
  const text = fragment.replace(/^#/, '');
  if (text.length > LONGEST) return { settings, dropped: ['The link is too long to be one of this page.'] };
  for (const part of text.split('&').filter((one) => one !== '')) {
    const cut = part.indexOf('=');
    const path = decoded(part.slice(0, cut === -1 ? part.length : cut));
    const driver = drivers.find((one) => one.path === path);
    const value = Number(decoded(part.slice(cut + 1)));
    if (driver === undefined) dropped.push(`"${path}" is nothing that can be changed here.`);
    else if (cut === -1 || part.slice(cut + 1) === '' || !Number.isFinite(value))
      dropped.push(`"${driver.label}": the link gives no number.`);
    else if (value < driver.lowest || value > driver.highest)
      dropped.push(`"${driver.label}": ${value} is not between ${driver.lowest} and ${driver.highest}.`);
    else if (value !== driver.central) settings[path] = value;
  }
  return { settings: { ...settings }, dropped };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
