/** Claims in words: the verdict, where it holds and with which figures, for HTML, Markdown and the terminal alike. */
import type { Report, ReportClaim } from './contract.ts';
import { listed, number, quantity, share } from './format.ts';

export const VERDICT_WORDS: Readonly<Record<ReportClaim['verdict'], string>> = {
  holds: 'holds',
  fails: 'fails',
  holds_where: 'holds in part',
  unknown: 'can’t be said',
};

export interface ClaimRow {
  readonly text: string;
  readonly source: string;
  readonly expression: string;
  readonly verdict: string;
  readonly where: string;
  readonly evidence: readonly string[];
}

export const claimRows = ({ claims = [] }: Report): ClaimRow[] =>
  claims.map(({ text, source, expression, verdict, where, evidence }) => ({
    text,
    source,
    expression,
    verdict: VERDICT_WORDS[verdict],
    where,
    evidence: evidence.map(({ name, unit, value }) => `${name} ${figureWords(value, unit)}`),
  }));

/** A figure with its unit; a month after the start is a number of months. */
export function figureWords(value: number | string | null, unit: string): string {
  if (value === null) return 'not known';
  if (typeof value === 'string') return value;
  if (value === Number.POSITIVE_INFINITY) return 'never';
  const shown = Number(value.toPrecision(4));
  if (unit === 'month') return `${number(shown)} months`;
  if (unit === 'USD') return quantity(value, unit);
  return quantity(Math.abs(value) >= 1000 ? value : shown, unit);
}

type Axis = ReportClaim['over'][number];

const atValue = (value: number, { unit }: Axis): string =>
  quantity(Number(value.toPrecision(4)), unit.replace(/^request\b/, 'requests'));
const rangeWords = (axis: Axis): string => `${axis.path} from ${atValue(axis.from, axis)} to ${atValue(axis.to, axis)}`;

/** `holds in 74% of the range: engineering.loaded_rate below $96.40/hour (of $70/hour to $120/hour)`. */
export function whereWords(claim: ReportClaim): string {
  const { over, verdict, here, share_fraction, unknown_fraction } = claim;
  const [x, y] = over;
  const own =
    here === 'unknown' ? 'it can’t be said where the scenario stands' : `it ${here} where the scenario stands`;
  if (x === undefined) return own;
  const throughout = listed(over.map(rangeWords));
  if (verdict === 'holds') return `holds throughout: ${throughout}`;
  if (verdict === 'fails') return `never holds: ${throughout}`;
  const unknown =
    unknown_fraction === null || unknown_fraction === 0
      ? ''
      : `; in ${rounded(unknown_fraction)} of it a figure is not known`;
  if (verdict === 'unknown') return `holds nowhere that is known: ${throughout}${unknown}`;
  const part = `holds in ${rounded(share_fraction ?? 0)} of the range`;
  if (y === undefined) return `${part}: ${alongWords(claim, x)} (${rangeWords(x)})${unknown}; ${own}`;
  return `${part} (${throughout})${unknown}: ${acrossWords(claim, x, y)}; ${own}`;
}

const rounded = (fraction: number): string => {
  const shown = Number((fraction * 100).toPrecision(3));
  if (fraction < 1 && shown === 100) return 'more than 99.9%';
  return fraction < 0.0001 ? 'less than 0.01%' : share(shown / 100);
};

/** `below 5`, `from 2 to 5`, `above 2`: the stretches where it holds. */
function stretchWords(points: readonly { at: number; below: string; above: string }[], axis: Axis): string[] {
  const first = points[0];
  if (first === undefined) return [];
  const words = first.below === 'holds' ? [`below ${atValue(first.at, axis)}`] : [];
  points.forEach(({ at, above }, i) => {
    if (above !== 'holds') return;
    const next = points[i + 1];
    words.push(
      next === undefined ? `above ${atValue(at, axis)}` : `from ${atValue(at, axis)} to ${atValue(next.at, axis)}`,
    );
  });
  return words;
}

const alongWords = ({ boundary }: ReportClaim, axis: Axis): string =>
  `${axis.path} ${listed(
    stretchWords(
      boundary.map(({ values, below, above }) => ({ at: values[0]!, below, above })),
      axis,
    ),
  )}`;

/** The boundary along the first input at both ends of the second. */
function acrossWords({ boundary }: ReportClaim, x: Axis, y: Axis): string {
  const rowAt = (value: number): string => {
    const points = boundary
      .filter(({ values }) => values[1] === value)
      .map(({ values, below, above }) => ({ at: values[0]!, below, above }));
    const words = stretchWords(points, x);
    return `at ${y.path} ${atValue(value, y)} ${words.length === 0 ? `the same for every ${x.path}` : `with ${x.path} ${listed(words)}`}`;
  };
  return listed([rowAt(y.from), rowAt(y.to)]);
}
