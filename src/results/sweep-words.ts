/**
 * What was swept, as text for the terminal: a map of characters with its legend and boundary values, costs along one driver,
 * and where the recommendation changes. Colours are the caller's. It computes nothing.
 */
import { plainText } from '../report/escape.ts';
import { listed, quantity, usd } from '../report/format.ts';
import type { Flips, LeftOut, LineOfDriver, MapOfDrivers, SweptAxis } from './driver-sweep.ts';

const SYMBOLS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const NOBODY = '.';
const HERE = '+';

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  /** By place of a strategy in the legend. */
  readonly strategy: (text: string, place: number) => string;
}

const at = (value: number, { unit }: SweptAxis): string =>
  quantity(Number(value.toPrecision(4)), unit.replace(/^request\b/, 'requests'));

const axisWords = (axis: SweptAxis): string =>
  `${plainText(axis.path)} from ${at(axis.from, axis)} to ${at(axis.to, axis)}${axis.scale === 'logarithmic' ? ', logarithmic' : ''}${
    axis.range === 'distribution' ? ' (its P5 to P95)' : ''
  }; the scenario has ${at(axis.at, axis)}`;

/** Where a value lies in rising values: the nearest; undefined outside of them. */
function nearestIndex({ values, at: own, from, to }: SweptAxis): number | undefined {
  if (own < from || own > to) return undefined;
  let best = 0;
  values.forEach((value, i) => {
    if (Math.abs(value - own) < Math.abs(values[best]! - own)) best = i;
  });
  return best;
}

export function mapText(map: MapOfDrivers, paint: Paint): string {
  const { x, y, strategies, best } = map;
  const symbolOf = (id: string | null): string =>
    id === null ? NOBODY : paint.strategy(SYMBOLS[strategies.indexOf(id) % SYMBOLS.length]!, strategies.indexOf(id));
  const [column, row] = [nearestIndex(x), nearestIndex(y)];
  const labels = y.values.map((value, j) => (j % 4 === 0 || j === y.values.length - 1 ? at(value, y) : ''));
  const width = Math.max(...labels.map(({ length }) => length));
  const lines = best.map((ids, j) => {
    const cells = ids.map((id, i) => (i === column && j === row ? paint.bold(HERE) : symbolOf(id)));
    return `  ${paint.dim(labels[j]!.padStart(width))} ${cells.join('')}`;
  });
  const [left, right] = [at(x.from, x), at(x.to, x)];
  const gap = Math.max(1, x.values.length - left.length - right.length);
  const seen = strategies.filter((id) => best.some((ids) => ids.includes(id)));
  const never = strategies.filter((id) => !seen.includes(id));
  return [
    paint.bold('Cheapest strategy'),
    `  up:     ${axisWords(y)}`,
    `  across: ${axisWords(x)}`,
    '',
    ...lines.reverse(),
    `  ${' '.repeat(width)} ${paint.dim(`${left}${' '.repeat(gap)}${right}`)}`,
    '',
    `  ${[...seen.map((id) => `${symbolOf(id)} ${plainText(id)}`), ...(column !== undefined && row !== undefined ? [`${HERE} this scenario`] : [])].join('   ')}`,
    ...(never.length === 0 ? [] : [paint.dim(`  nowhere the cheapest: ${listed(never.map(plainText))}`)]),
    ...leftOutLines(map.left_out, paint),
    '',
    paint.bold('Boundary'),
    ...boundaryLines(map),
    '',
  ].join('\n');
}

/** Along x, at both ends of y, half-way and where the scenario stands. */
function boundaryLines({ x, y, best, boundary }: MapOfDrivers): string[] {
  const last = y.values.length - 1;
  const rows = [
    ...new Set([0, Math.round(last / 4), nearestIndex(y) ?? 0, Math.round(last / 2), Math.round((3 * last) / 4), last]),
  ].sort((a, b) => a - b);
  return rows.map((j) => {
    const value = y.values[j]!;
    const changes = boundary.filter((point) => point.along === 'x' && point.y === value).sort((a, b) => a.x - b.x);
    const parts = changes.map(({ x: where, below }) => `${plainText(below)} below ${at(where, x)}`);
    const end = plainText(changes.at(-1)?.above ?? best[j]![0] ?? 'none');
    return `  at ${at(value, y)}: ${changes.length === 0 ? `${end} throughout` : `${parts.join(', ')}, then ${end}`}`;
  });
}

const leftOutLines = (left_out: readonly LeftOut[], paint: Paint): string[] =>
  left_out.map(({ id, reason }) => paint.dim(`  left out: ${plainText(id)}: ${plainText(reason)}`));

const MOST_ROWS = 13;

export function lineText(line: LineOfDriver, paint: Paint): string {
  const { x, strategies, npv_usd, best, crossings } = line;
  const step = Math.max(1, Math.ceil((x.values.length - 1) / (MOST_ROWS - 1)));
  const shown = x.values.map((_, i) => i).filter((i) => i % step === 0 || i === x.values.length - 1);
  const cells = [
    ['', ...strategies.map(plainText)],
    ...shown.map((i) => [at(x.values[i]!, x), ...strategies.map((id) => dollars(npv_usd[id]![i]!))]),
  ];
  const widths = cells[0]!.map((_, c) => Math.max(...cells.map((row) => [...row[c]!].length)));
  const lines = cells.map(
    (row) => `  ${row.map((text, c) => `${' '.repeat(widths[c]! - [...text].length)}${text}`).join('  ')}`,
  );
  return [
    paint.bold('Net present cost'),
    `  along: ${axisWords(x)}`,
    '',
    paint.dim(lines[0]!),
    ...lines.slice(1),
    ...leftOutLines(line.left_out, paint),
    '',
    paint.bold('Cheapest'),
    ...best.map(({ from, to, verdict }) => `  ${plainText(verdict ?? 'none')} from ${at(from, x)} to ${at(to, x)}`),
    '',
    paint.bold('Crossings'),
    ...(crossings.length === 0
      ? [`  none: no two strategies cost the same within ${at(x.from, x)} to ${at(x.to, x)}`]
      : crossings.map(({ a, b, value, cheaper_below, cheaper_above }) => {
          const side = (id: string | null): string => (id === null ? 'equal' : `${plainText(id)} cheaper`);
          return `  ${plainText(a)} and ${plainText(b)} at ${at(value, x)}: ${side(cheaper_below)} below, ${side(cheaper_above)} above`;
        })),
    ...bandLines(line, paint),
    '',
  ].join('\n');
}

/** Where each strategy breaks even with the baseline, over draws of what is uncertain. */
function bandLines({ x, break_even_bands: bands, draws }: LineOfDriver, paint: Paint): string[] {
  if (bands.length === 0) return [];
  const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
  return [
    '',
    paint.bold(`Break-even in ${draws} draws of all that is uncertain`),
    ...bands.map(({ strategy, versus, p5, p50, p95, ...of }) => {
      const pair = `${plainText(strategy)} with ${plainText(versus)}`;
      const never = [
        ...(of.cheaper_fraction > 0 ? [`cheaper throughout in ${percent(of.cheaper_fraction)}`] : []),
        ...(of.dearer_fraction > 0 ? [`dearer throughout in ${percent(of.dearer_fraction)}`] : []),
        ...(of.several_fraction > 0 ? [`more than once in ${percent(of.several_fraction)}`] : []),
      ];
      const rest = never.length === 0 ? '' : `; ${never.join(', ')}`;
      if (p5 === null || p50 === null || p95 === null) return `  ${pair}: never${rest}`;
      return `  ${pair}: ${at(p50, x)} (90 %: ${at(p5, x)} to ${at(p95, x)}), in ${percent(of.crossing_fraction)} of the draws${rest}`;
    }),
  ];
}

const dollars = (value: number | null): string => (value === null ? 'no price' : usd(value));

export function flipsText({ x, recommended, flips, stretches }: Flips, paint: Paint): string {
  const range = `${at(x.from, x)} to ${at(x.to, x)}`;
  const named = (id: string | null): string => (id === null ? 'nothing' : plainText(id));
  return [
    paint.bold(`Where the recommendation changes with ${plainText(x.path)}`),
    `  the scenario has ${at(x.at, x)}, where ${named(recommended)} is recommended`,
    ...(flips.length === 0
      ? [`  never within ${range}: ${named(stretches[0]!.verdict)} throughout`]
      : flips.map(({ value, below, above }) => `  at ${at(value, x)}: ${named(below)} below, ${named(above)} above`)),
    ...(flips.length === 0 ? [] : [paint.dim(`  searched from ${range}`)]),
    '',
  ].join('\n');
}
