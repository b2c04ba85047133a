/**
 * The map of the best strategy in sentences: the same in every format. Takes the map of the report, gives plain text; along
 * the input that runs across, who is the cheapest up to where, at the lowest, the scenario's own and the highest value of
 * the other.
 */
import { inputLabel, quotedLabel } from '../input-words.ts';
import type { ReportMap } from './contract.ts';
import { inputValue } from './driver-words.ts';

const NOBODY = 'none with a published price';
const named = (id: string | null | undefined): string => id ?? NOBODY;

export interface MapRow {
  /** Value of the input that runs upwards. */
  readonly value: number;
  readonly isOwn: boolean;
  /** Who is the cheapest up to which value of the input that runs across; the last one up to its end. */
  readonly stretches: readonly { readonly best: string; readonly until: number }[];
}

export const mapRows = (map: ReportMap): MapRow[] =>
  map.y.values.map((value, j) => {
    const row = map.best[j]!;
    const last = map.x.values.at(-1)!;
    const cuts = row.includes(null)
      ? row.flatMap((best, i) => (i > 0 && best !== row[i - 1] ? [{ at: map.x.values[i]!, above: best }] : []))
      : map.boundary
          .filter(({ along, y }) => along === 'x' && y === value)
          .map(({ x, above }) => ({ at: x, above }))
          .sort((a, b) => a.at - b.at);
    const stretches = [{ at: map.x.values[0]!, above: row[0] ?? null }, ...cuts].map(({ above }, k) => ({
      best: named(above),
      until: cuts[k]?.at ?? last,
    }));
    return { value, isOwn: value === map.y.at, stretches };
  });

/** `openrouter is the cheapest up to 6,170,000 requests/month, then direct` */
export function rowWords({ stretches }: MapRow, { x }: ReportMap): string {
  const [first, ...rest] = stretches;
  if (rest.length === 0) return `${first!.best} is the cheapest throughout`;
  const later = rest.map(({ best, until }, i) =>
    i === rest.length - 1 ? `then ${best}` : `${best} up to ${inputValue(until, x.unit)}`,
  );
  return `${first!.best} is the cheapest up to ${inputValue(first!.until, x.unit)}, ${later.join(', ')}`;
}

/** Whether one strategy is the cheapest all over the map. */
export const isOneAllOver = ({ best }: ReportMap): boolean => new Set(best.flat()).size === 1;

const span = ({ path, unit, values }: ReportMap['x']): string =>
  `${quotedLabel(path)} from ${inputValue(values[0]!, unit)} to ${inputValue(values.at(-1)!, unit)}`;

export function mapSentences(map: ReportMap): string[] {
  if (isOneAllOver(map)) return [oneSentence(map)];
  const rows = mapRows(map);
  const told = [...new Set([0, rows.findIndex(({ isOwn }) => isOwn), rows.length - 1])].filter((j) => j >= 0);
  return told.map((j) => {
    const row = rows[j]!;
    return `${inputLabel(map.y.path)} at ${inputValue(row.value, map.y.unit)}${row.isOwn ? ', as in the scenario' : ''}: ${rowWords(row, map)}.`;
  });
}

const oneSentence = (map: ReportMap): string =>
  `${named(map.best[0]![0])} is the cheapest wherever the two lie: ${span(map.x)} and ${span(map.y)}.`;

/** Both inputs and what lies where, in one sentence. */
export function mapSentence(map: ReportMap): string {
  if (isOneAllOver(map)) return oneSentence(map);
  const rows = mapRows(map);
  const own = rows.find(({ isOwn }) => isOwn) ?? rows[0]!;
  return `Over ${span(map.x)} and ${span(map.y)}, both moved at once: at ${inputValue(own.value, map.y.unit)}, as in the scenario, ${rowWords(own, map)}; at ${inputValue(rows[0]!.value, map.y.unit)} ${rowWords(rows[0]!, map)}; at ${inputValue(rows.at(-1)!.value, map.y.unit)} ${rowWords(rows.at(-1)!, map)}.`;
}

/** Why these two inputs. */
export const chosenWords = ({ chosen_for }: ReportMap): string =>
  chosen_for === 'flips'
    ? 'Of the uncertain inputs these matter most: at least one of them, alone, makes another strategy the cheapest within its likely range.'
    : 'No uncertain input makes another strategy the cheapest by itself, so the map runs far beyond what is likely.';

/** In place of a map. */
export const NO_MAP = 'No map: it takes two ranked strategies and two inputs that can vary.';
