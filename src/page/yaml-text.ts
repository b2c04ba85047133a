/**
 * Plain values as YAML: block maps and lists, every text in double quotes. Takes what a YAML file was read to, gives text
 * that reads back to the same; comments and layout of the original are not kept.
 */

export function yamlText(value: unknown): string {
  return `${lines(value, '').join('\n')}\n`;
}

function lines(value: unknown, indent: string): string[] {
  if (Array.isArray(value) && value.length > 0) return value.flatMap((one) => member(one, indent));
  if (isMap(value) && Object.keys(value).length > 0)
    return Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .flatMap(([key, one]) =>
        isNested(one)
          ? [`${indent}${name(key)}:`, ...lines(one, `${indent}  `)]
          : [`${indent}${name(key)}: ${scalar(one)}`],
      );
  return [`${indent}${scalar(value)}`];
}

/** A member's first line stands behind its dash. */
function member(value: unknown, indent: string): string[] {
  if (!isNested(value)) return [`${indent}- ${scalar(value)}`];
  const [first, ...rest] = lines(value, `${indent}  `);
  return [`${indent}- ${first!.slice(indent.length + 2)}`, ...rest];
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNested = (value: unknown): boolean =>
  (Array.isArray(value) && value.length > 0) || (isMap(value) && Object.keys(value).length > 0);

const PLAIN = /^[A-Za-z_][\w-]*$/;
const RESERVED = /^(?:null|true|false|yes|no|on|off|y|n)$/i;
const name = (key: string): string => (PLAIN.test(key) && !RESERVED.test(key) ? key : quoted(key));

/** JSON's double quotes are YAML's; what YAML does not print is escaped. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

function scalar(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return '[]';
  if (isMap(value)) return '{}';
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  return typeof value === 'number' && /e/.test(String(value)) ? decimal(value) : String(value);
}

/** YAML 1.1 readers take `1e-7` for text, so a point goes into the mantissa. */
function decimal(value: number): string {
  const text = String(value);
  return /\./.test(text) ? text : text.replace('e', '.0e');
}
