/** What happens to each request under each replayed strategy: outcomes, savings beside their baselines, latencies. */
import type { Report } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { number } from '../format.ts';
import { REPLAY_WORDS, replayNotes, replayRows } from '../replay-words.ts';
import { folded, list, section, table } from './table.ts';

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
