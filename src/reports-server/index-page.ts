/**
 * The page of all reports: newest first, with a search and a choice of two or three to compare, both plain forms. Whatever a
 * report or a folder is called is text.
 */
import { type Html, html, raw } from '../report/escape.ts';
import { number, plural } from '../report/format.ts';
import { roughUsd } from '../report/known-digits.ts';
import { compareAddress, reportAddress } from './addresses.ts';
import { NO_REPORT_YET } from './find-reports.ts';
import { instant, page } from './page.ts';
import { matching, type Shelf, type ShelvedReport, type Summary } from './shelf.ts';
import { exactly } from './side-cells.ts';

export function indexPage(folder: string, { reports, passed_over }: Shelf, search: string): string {
  const found = matching(reports, search);
  const readable = found.filter(({ summary }) => summary !== undefined).length;
  return page(
    'Tollgate reports',
    html`<div><h1>Reports</h1>
<p>${plural(reports.length, 'report')} in ${folder}, newest first.${passed_over > 0 && ` Of ${number(reports.length + passed_over)} only these are read here.`}</p></div>`,
    reports.length === 0
      ? html`<p class="note">${folder} ${NO_REPORT_YET}. Load this page again then.</p>
`
      : html`<form class="search" role="search" action="/" method="get">
<label for="q">Search names, questions and answers</label>
<input type="search" id="q" name="q" value="${search}" maxlength="200">
<button>Search</button>${search !== '' && html` <a href="/">Show all</a>`}
</form>
${search !== '' && html`<p role="status">${found.length === 0 ? `No report holds all of “${search}”.` : `${plural(found.length, 'report')} with “${search}”.`}</p>`}
${
  found.length > 0 &&
  html`<form action="/compare" method="get">
${readable > 1 && chooser}<ul class="reports">
${found.map((report) => listed(report, reports, readable > 1))}</ul>
${readable > 3 && chooser}</form>
`
}`,
  );
}

const chooser = html`<p class="choose"><button>Compare the chosen</button> <span class="muted">Tick two or three.</span></p>
`;

function listed(report: ShelvedReport, all: readonly ShelvedReport[], canChoose: boolean): Html {
  const { name, summary, unreadable, has_html, written_ms } = report;
  const title = summary?.scenario ?? name;
  const linked = has_html ? html`<a href="${reportAddress(name)}">${title}</a>` : title;
  const files = html`<span class="muted">${has_html && summary !== undefined && html`<a href="${reportAddress(name, 'report.json')}">report.json</a>`}</span>`;
  if (summary === undefined)
    return html`<li><span></span><div><h2>${linked}</h2>
<p class="bad">Can’t be read: ${unreadable}</p>
<dl><div><dt>Folder</dt><dd>${name}</dd></div><div><dt>Written</dt><dd>${instant(written_ms)}</dd></div></dl></div></li>
`;
  const earlier = earlierRun(report, all);
  const saving = savingOf(summary);
  const entries: readonly (readonly [string, Html | string])[] = [
    ['Recommended', summary.recommended ?? 'nothing'],
    ...(saving === undefined ? [] : [['Saving', saving] as const]),
    ['How sure', summary.sure],
    ['Baseline', summary.baseline],
    ['Horizon', summary.horizon],
    ['Written', instant(written_ms)],
    ['Folder', name],
    ['For programs', files],
    ...(earlier === undefined
      ? []
      : [
          [
            'Against the run before it',
            html`<a href="${compareAddress([earlier.name, name])}">what changed since ${earlier.name}</a>`,
          ] as const,
        ]),
  ];
  return html`<li>${canChoose ? html`<input type="checkbox" name="report" value="${name}" aria-label="Compare ${title}, ${name}">` : raw('<span></span>')}<div><h2>${linked}</h2>
<p class="muted">${summary.question}</p>
<p class="answer-line">${summary.answer}</p>
<dl>${entries.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl></div></li>
`;
}

/** `$12,300 less than direct`. */
const savingOf = ({ saving_usd, versus }: Summary): Html | undefined =>
  saving_usd === null || versus === null
    ? undefined
    : html`${exactly(saving_usd, 'USD', roughUsd(saving_usd))} less than ${versus}`;

/** The newest of those of the same scenario that are older. */
const earlierRun = ({ name, summary, written_ms }: ShelvedReport, all: readonly ShelvedReport[]) =>
  all.find(
    (other) =>
      other.name !== name &&
      other.summary !== undefined &&
      other.summary.scenario === summary?.scenario &&
      other.written_ms < written_ms,
  );
