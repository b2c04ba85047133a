/** What happens to each request under each replayed strategy: outcomes, savings beside their baselines, latencies. */
import type { Report, ReportReplay } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { number, plural, share } from '../format.ts';
import { REPLAY_WORDS, replayNotes, replayRows } from '../replay-words.ts';
import { folded, list, section, table } from './table.ts';

/** Rows by size, columns by life: shares of requests that such a cache would have answered. */
function otherCaches({ strategy, requests, other_caches }: ReportReplay): Html | false {
  if (other_caches === undefined) return false;
  const rows = new Map<string, string[]>();
  for (const { entries, life_from, saved_fraction } of other_caches.cells) {
    const size = entries === null ? 'No bound' : `${number(entries)} answers`;
    const label = `${size}, life from ${life_from === 'insertion' ? 'insertion' : 'the last use'}`;
    const cell = saved_fraction.requests === null ? '–' : share(Number(saved_fraction.requests.toPrecision(3)));
    rows.set(label, [...(rows.get(label) ?? []), cell]);
  }
  const first = other_caches.cells[0];
  const lives = other_caches.cells
    .filter(({ entries, life_from }) => entries === first?.entries && life_from === first?.life_from)
    .map(({ life_ms }) => (life_ms === null ? 'For ever' : duration(life_ms)));
  const title = `Response caches of other sizes and lives (${strategy}): share of ${number(requests)} requests answered`;
  return folded(
    title,
    table(
      title,
      [{ head: 'Answers held' }, ...lives.map((head) => ({ head, numeric: true }))],
      [...rows].map(([label, cells]) => [label, ...cells]),
    ),
  );
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

function duration(ms: number): string {
  const [unit, of] = UNITS.find(([, each]) => ms >= each) ?? ['second', 1000];
  return plural(Number((ms / of).toPrecision(3)), unit);
}

export function replaysSection({ replays }: Report): Html | false {
  if (replays === undefined) return false;
  const notes = replays.flatMap(replayNotes);
  return section(
    'replays',
    'What happens to each request',
    html`<p>${REPLAY_WORDS}</p>
`,
    table(
      'What happens to each request',
      [{ head: '' }, ...replays.map(({ strategy }) => ({ head: strategy, numeric: true }))],
      replayRows(replays).map(({ label, cells }) => [label, ...cells]),
    ),
    notes.length > 0 && list(notes),
    ...replays.map(otherCaches),
    folded(
      'Attempts by route and status',
      table(
        'Attempts by route and status',
        [{ head: 'Strategy' }, { head: 'Route' }, { head: 'Status' }, { head: 'Attempts', numeric: true }],
        replays.flatMap(({ strategy, attempts_by }) =>
          attempts_by.map(({ route, status, attempts }) => [strategy, route, status, number(attempts)]),
        ),
      ),
    ),
  );
}
