/** What routes say to the same wrong request, side by side. */
import { type Html, html } from '../../report/escape.ts';
import { section, table } from '../../report/html/table.ts';
import type { Comparison } from '../compare.ts';
import type { ErrorShape } from '../compare-errors.ts';
import { ms, shortened } from '../words.ts';

const MOST_CHARACTERS = 160;

export function errorsSection({ errors, targets, baseline }: Comparison): Html | false {
  if (errors.length === 0) return false;
  return section(
    'errors',
    'Errors side by side',
    html`<p>Status, content type and members of the answer to the same wrong request. A client that was written for one shape may break on another.</p>
<div class="matrix">`,
    table(
      'Error shapes by route',
      [{ head: 'Asked with' }, ...targets.map(({ id }) => ({ head: id === baseline?.id ? `${id} (baseline)` : id }))],
      errors.map(({ asked, shapes }) => [
        asked,
        ...shapes.map((shape) => (shape === undefined ? 'not asked' : shapeOf(shape))),
      ]),
    ),
    html`</div>`,
  );
}

const shapeOf = ({ status, content_type, members, total_ms, is_as_baseline }: ErrorShape): Html =>
  html`${status === null ? 'no answer' : `HTTP ${status}`}${
    is_as_baseline !== null &&
    html` <span class="tag${is_as_baseline ? ' yes' : ' no'}">${is_as_baseline ? 'same shape' : 'other shape'}</span>`
  }<small>${shortened(content_type ?? 'no content type', 60)}${total_ms !== null && html`, ${ms(total_ms)}`}</small><small>${
    members === null ? 'no JSON object' : shortened(members.join(', '), MOST_CHARACTERS) || 'an empty object'
  }</small>`;
