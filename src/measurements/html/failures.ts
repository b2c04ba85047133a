/** What failed and what was not run, each with what was seen and the exchanges that it rests on. */
import { type Html, html } from '../../report/escape.ts';
import { plural } from '../../report/format.ts';
import { folded, section } from '../../report/html/table.ts';
import type { Comparison } from '../compare.ts';
import type { Evidence, Finding } from '../contract.ts';
import { checkWords, ms, notRunGroups, shortened } from '../words.ts';

const MOST_FAILURES = 50;
/** Of these the exchanges are shown. */
const MOST_SHOWN = 15;
const MOST_EXCHANGES = 3;
const [SEEN, TEXT] = [500, 240];

export function failuresSection({ failures, not_run, evidence, targets }: Comparison): Html | false {
  if (targets.length === 0) return false;
  const shown = failures.slice(0, MOST_FAILURES);
  return section(
    'failures',
    'What failed',
    failures.length === 0 &&
      html`<p>No check failed.</p>
`,
    shown.map((one, i) => item(one, i < MOST_SHOWN ? evidence : new Map())),
    failures.length > shown.length &&
      html`<p>And ${failures.length - shown.length} more in measurements.json.</p>
`,
    not_run.length > 0 &&
      folded(
        `Not run: ${plural(not_run.length, 'check')}`,
        html`<ul>${notRunGroups(not_run)
          .slice(0, MOST_FAILURES)
          .map(({ target, checks, seen }) => html`<li><b>${target}</b>, ${checks}: ${shortened(seen, SEEN)}</li>`)}</ul>
`,
      ),
  );
}

function item({ target, check, seen, required, evidence: ids }: Finding, kept: Comparison['evidence']): Html {
  const exchanges = ids.map((id) => kept.get(id)).filter((one) => one !== undefined);
  const more = exchanges.length - MOST_EXCHANGES;
  return html`<div class="failed"><p class="head"><span>${target}: ${checkWords(check)}</span>${
    required && html`<span class="tag no">required</span>`
  }</p>
<p>${shortened(seen, SEEN)}</p>
${
  exchanges.length > 0 &&
  folded(
    `Rests on ${plural(exchanges.length, 'exchange')}`,
    html`<ul>${exchanges.slice(0, MOST_EXCHANGES).map(exchange)}${
      more > 0 && html`<li>and ${more} more in measurements.json</li>`
    }</ul>
`,
  )
}</div>
`;
}

const exchange = ({ id, status, end, total_ms, request, answer }: Evidence): Html =>
  html`<li><b>${id}</b> <span>${status === null ? 'no head' : `HTTP ${status}`}, ${end}${
    total_ms !== null && `, ${ms(total_ms)}`
  }</span><code>asked: ${shortened(request, TEXT)}</code><code>answered: ${shortened(answer, TEXT)}</code></li>`;
