/**
 * How numbers are written elsewhere and not here: `50k`, `1.000.000`, `1,5`, `$100`. Asked only of a text that could not be
 * read, so that what is said first is what to write instead. It reads no number itself: `1.000` is one, whatever was meant.
 */

const GROUPED = /^[-+]?[0-9]{1,3}(?:([.,_'’ \u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*(?![0-9])/;
const DECIMAL_COMMA = /^([-+]?[0-9]+),([0-9]+)/;
const SHORT = /^([-+]?[0-9.]+)\s*([kKmM])$/;
const SIGNS: Readonly<Record<string, string>> = { $: 'USD', '€': 'EUR', '¥': 'CNY' };

/** What to write instead, completing `"50k": write ...`; undefined: nothing that is known. */
export function slipIn(text: string): string | undefined {
  const found = text.trim();
  const sign = /[$€¥]/.exec(found)?.[0];
  if (sign !== undefined) return `${SIGNS[sign]} behind the number instead of ${sign}`;
  const short = SHORT.exec(found);
  if (short !== null && Number.isFinite(Number(short[1])))
    return String(Number(`${short[1]}${short[2]!.toLowerCase() === 'k' ? 'e3' : 'e6'}`));
  const grouped = GROUPED.exec(found);
  if (grouped !== null) return `${grouped[0].replace(/[.,_'’ \u00a0\u202f]/g, '')}, without separators`;
  const comma = DECIMAL_COMMA.exec(found);
  return comma === null ? undefined : `${comma[1]}.${comma[2]}, with a point`;
}
