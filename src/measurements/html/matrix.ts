/** The checks against the routes: a verdict in each cell, with what was seen in short. */
import { type Html, html } from '../../report/escape.ts';
import { section, table } from '../../report/html/table.ts';
import type { Comparison } from '../compare.ts';
import type { Finding, Verdict } from '../contract.ts';
import { checkWords, shortened, VERDICT_WORDS } from '../words.ts';

const [MOST_CHARACTERS, FEW_CHARACTERS] = [120, 50];
/** With more cells, only those that failed say what was seen, and shorter. */
const MOST_TOLD_CELLS = 240;
const TAG: Record<Verdict, string> = { pass: 'tag yes', fail: 'tag no', not_supported: 'tag', not_run: 'tag' };
const MARK: Record<Verdict, string> = { pass: '✓ ', fail: '✗ ', not_supported: '', not_run: '' };

export function matrixSection({ rows, targets, baseline }: Comparison): Html | false {
  if (rows.length === 0) return false;
  const isShort = rows.length * targets.length > MOST_TOLD_CELLS;
  return section(
    'checks',
    'Checks, route by route',
    html`<p>A required check decides whether a route passes. “Not supported”: the route or its API has no such thing, or documents that it has none. “Not run”: it could not be judged; the reason is told.</p>
<div class="matrix">`,
    table(
      'Checks by route',
      [{ head: 'Check' }, ...targets.map(({ id }) => ({ head: id === baseline?.id ? `${id} (baseline)` : id }))],
      rows.map(({ check, cells }) => [
        html`${checkWords(check)}${cells.some((cell) => cell?.required) && html`<small>required</small>`}`,
        ...cells.map((cell) => (cell === undefined ? '–' : cellOf(cell, isShort))),
      ]),
    ),
    html`</div>`,
  );
}

const cellOf = ({ verdict, seen }: Finding, isShort: boolean): Html =>
  html`<span class="${TAG[verdict]}">${MARK[verdict]}${VERDICT_WORDS[verdict]}</span>${
    !(isShort && verdict !== 'fail') &&
    html`<small>${shortened(seen, isShort ? FEW_CHARACTERS : MOST_CHARACTERS)}</small>`
  }`;
