/**
 * What people type into a driver's field: `150`, `5.5 %`, `20k`, `1,200,000`, `$0.40`, `90 USD/hour`.
 *
 * Takes the text and the unit of the model's input, gives the value in that unit or what is wrong with it. A fraction is
 * shown and typed in percent: `5.5` and `5.5 %` are 0.055. A comma stands between thousands alone, so `92,5` is refused
 * rather than read as 925. It converts no currency and no other unit.
 */

export interface ShownUnit {
  /** What stands behind the field. */
  readonly text: string;
  /** Shown number over the model's. */
  readonly factor: number;
}

export function shownUnit(unit: string): ShownUnit {
  if (unit === 'fraction' || unit.startsWith('fraction/'))
    return { text: `%${unit.slice('fraction'.length)}`, factor: 100 };
  if (unit.startsWith('1/')) return { text: `per ${unit.slice(2)}`, factor: 1 };
  if (unit === '1' || unit === '') return { text: '', factor: 1 };
  if (unit.startsWith('USD')) return { text: unit.replace('work_hour', 'hour'), factor: 1 };
  const [counted, ...per] = unit.replace('work_hour', 'hour').split('/') as [string, ...string[]];
  return { text: [COUNTED.test(counted) ? `${counted}s` : counted, ...per].join('/'), factor: 1 };
}

const COUNTED = /^(?:hour|day|month|request|token|user|incident)$/;
const THOUSANDS: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, mn: 1e6, bn: 1e9, b: 1e9 };
const NUMBER =
  /^([-\u2212+]?)\s*\$?\s*((?:\d{1,3}(?:[,\s_]\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:e([-+]?\d{1,2}))?\s*(bn|mn|k|m|b)?(?![a-z])\s*(.*)$/i;

export type Typed = { readonly value: number } | { readonly problem: string };

export function typedValue(text: string, unit: string): Typed {
  const shown = shownUnit(unit);
  const found = NUMBER.exec(text.trim());
  if (found === null || /^[\d.,]/.test(found[5]!))
    return { problem: `"${text.trim()}" is no number${shown.text === '' ? '' : ` of ${shown.text}`}` };
  const [, sign, digits, exponent, suffix, rest] = found as unknown as string[];
  const magnitude = Number(`${digits!.replace(/[,\s_]/g, '')}${exponent === undefined ? '' : `e${exponent}`}`);
  const times = suffix === undefined ? 1 : THOUSANDS[suffix.toLowerCase()]!;
  if (!isUnit(rest!.trim(), shown)) return { problem: `"${rest!.trim()}": expected ${shown.text || 'a plain number'}` };
  const signed = (sign === '-' || sign === '\u2212' ? -1 : 1) * magnitude * times;
  return { value: shown.factor === 1 ? signed : signed / shown.factor };
}

/** No unit, the shown one, or a usual short form of it. */
function isUnit(typed: string, { text }: ShownUnit): boolean {
  const plain = (words: string): string =>
    words
      .toLowerCase()
      .replace(/\s+/g, '')
      .replace(/^\$/, 'usd')
      .replace(/usd\/h(r|ours?)?$/, 'usd/hour')
      .replace(/per/, '/')
      .replace(/s(?=\/|$)/g, '');
  if (typed === '') return true;
  if (typed.startsWith('/')) return plain(text.split('/')[0] + typed) === plain(text);
  return plain(typed) === plain(text) || plain(typed) === plain(text.split('/')[0]!);
}

/** A value as it stands in its field: whole numbers in full, others to six digits, thousands by comma. */
export function fieldText(value: number, unit: string): string {
  const number = Number((value * shownUnit(unit).factor).toPrecision(12));
  if (Math.abs(number) >= 1e15 || (number !== 0 && Math.abs(number) < 1e-6)) return String(number);
  const shown = Math.abs(number) >= 1e5 ? Math.round(number) : Number(number.toPrecision(6));
  const [whole, fraction] = String(shown).split('.') as [string, string?];
  return `${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`;
}
