/** The benchmark's figures as lines of text: medians over rounds, least and most in brackets. Computes nothing but those. */
import { coverage, differences, spread } from './statistics.mjs';

const FIGURES = {
  per_s: { words: 'per second', digits: 0 },
  cpu_us: { words: 'CPU µs each', digits: 0 },
  busy: { words: 'busy', digits: 2 },
  p50_ms: { words: 'p50 ms', digits: 2 },
  p99_ms: { words: 'p99 ms', digits: 2 },
  first_p50_ms: { words: 'first token p50 ms', digits: 2 },
  unanswered: { words: 'unanswered', digits: 0 },
};
const PAIRED = new Set(['p50_ms', 'p99_ms', 'first_p50_ms']);

const number = (value, digits) =>
  value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const ranged = (found, digits) =>
  found === undefined
    ? '-'
    : `${number(found.median, digits)} (${number(found.least, digits)} to ${number(found.most, digits)})`;

export function measureLines({ words, shown }, byTarget) {
  const of = (target, figure) => (byTarget.get(target) ?? []).map((sample) => sample[figure]);
  const columns = shown.flatMap((figure) => [
    { head: FIGURES[figure].words, cell: (target) => ranged(spread(of(target, figure)), FIGURES[figure].digits) },
    ...(PAIRED.has(figure) && byTarget.has('bare')
      ? [{ head: 'over bare', cell: (target) => ranged(overBare(of, target, figure), 2) }]
      : []),
  ]);
  const rows = [
    ['target', ...columns.map(({ head }) => head)],
    ...[...byTarget.keys()].map((target) => [target, ...columns.map(({ cell }) => cell(target))]),
  ];
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  return [
    '',
    words,
    ...rows.map(
      (row) =>
        `  ${row.map((text, at) => (at === 0 ? text.padEnd(widths[0]) : text.padStart(widths[at]))).join('   ')}`,
    ),
  ];
}

const overBare = (of, target, figure) =>
  target === 'bare' ? undefined : differences(of(target, figure), of('bare', figure));

/** What the machine and the load generator added, which all targets bear alike. */
export function disturbances(samples, waited_ms) {
  const all = [...samples.values()].flatMap((byTarget) => [...byTarget.values()].flat());
  const others = spread(all.map(({ others }) => others));
  const late = spread(all.flatMap(({ late_p50_ms }) => late_p50_ms ?? []));
  return [
    '',
    ...(others === undefined
      ? []
      : [
          `other processes took ${ranged(others, 2)} cores meanwhile; waited ${number(waited_ms / 1000, 0)} s for them`,
        ]),
    ...(late === undefined ? [] : [`the open loop itself sent ${ranged(late, 2)} ms after what was due`]),
  ];
}

export function memoryLines(measures, memory, afterRun) {
  const lines = ['', 'resident memory, MiB'];
  for (const [name, mb] of afterRun) lines.push(`  after the rounds: ${name} ${number(mb, 0)}`);
  for (const { id, words } of measures) {
    if (!memory.has(id)) continue;
    lines.push(`  ${words}`);
    for (const [name, { before_mb, grew_mb, streams, ended }] of memory.get(id))
      lines.push(
        `    ${name.padEnd(9)} ${number(before_mb, 0)} and up to ${number(grew_mb, 1)} more${streams === undefined ? '' : `; ${ended} of ${streams} ended`}`,
      );
  }
  return lines;
}

export function barLines(judged, rounds) {
  const lines = judged.map(({ words, unit, limit, isMost, found, isMet }) => {
    const bar = `${isMost ? 'at most' : 'at least'} ${limit} ${unit}`;
    const verdict = isMet === undefined ? 'not measured' : isMet ? 'met' : 'not met';
    const figure = found === undefined ? '' : (found.words ?? ranged(found, 2));
    return `  ${verdict.padEnd(13)}${words.padEnd(48)} ${bar.padEnd(18)} ${figure}`;
  });
  const sure = `${(100 * coverage(rounds)).toFixed(0)} %`;
  return [
    '',
    `bars; brackets: least and most of ${rounds} rounds, which hold the true median with ${sure} if rounds are independent`,
    ...lines,
  ];
}
