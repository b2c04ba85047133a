/**
 * The live part of the page: its place in the markup, what its script is given, and the policy under which it runs.
 *
 * Without script the page stays what it is, with a line that says what is missing; controls are made by the script alone.
 * Takes the bundled script with its hash as it is; text that was read goes in as JSON that no markup can end.
 */
import type { WhatIf } from '../../whatif/what-if.ts';
import type { Report } from '../contract.ts';
import { type Html, html, raw } from '../escape.ts';
import { section } from './table.ts';
import { WHAT_IF_STYLE } from './what-if-style.ts';

/** What the page's script is given. */
export interface LiveReport {
  readonly what_if: WhatIf;
  readonly horizon_months: number;
  readonly unpriced: readonly { readonly model: string }[];
  /** Name of the scenario's file, and what it was read to, `--set` included. */
  readonly file: string;
  readonly scenario: unknown;
}

/** A script of our own making, see io/page-bundle; its worker starts from the same text. */
export interface PageBundle {
  readonly page: string;
  /** Of `page`, as the content security policy names it: `sha256-…`. */
  readonly page_hash: string;
}

export interface LivePart {
  readonly bundle: PageBundle;
  readonly live: LiveReport;
}

export const liveReport = (report: Report, what_if: WhatIf, file: string, scenario: unknown): LiveReport => ({
  what_if,
  horizon_months: report.horizon_months,
  unpriced: report.unpriced.map(({ model }) => ({ model })),
  file,
  scenario,
});

/** What a page's policy allows where it has one script of ours. */
export const scriptPolicy = ({ page_hash }: PageBundle): string => `; script-src '${page_hash}'`;

/** What the page's policy allows beyond that of a page without script. */
export const livePolicy = ({ bundle }: LivePart): string => `${scriptPolicy(bundle)}; worker-src blob:`;

export const whatIfStyle: Html = raw(WHAT_IF_STYLE);

export const whatIfSection = (): Html =>
  section(
    'what-if',
    'What if?',
    html`<p>Change what is assumed: the recommendation, all totals and the charts below follow at once, computed on this page by the same model.</p>
<p class="note" id="what-if-static">With JavaScript switched on, the numbers can be changed here. Everything else on this page reads without it.</p>
<div id="what-if-panel" hidden></div>
`,
  );

/** Goes to the end of the body: data, and the one script that runs. */
export const liveScripts = ({ bundle, live }: LivePart): Html =>
  raw(`<script type="application/json" id="what-if-data">${scriptJson(live)}</script>
${pageScript(bundle).markup}`);

/** The one script of a page. */
export const pageScript = ({ page }: PageBundle): Html => raw(`<script>${scriptText(page)}</script>\n`);

/** JSON in which no `<` and no line separator stands as such: no `</script>`, no `<!--`. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Our own code can't be escaped without changing its hash, so it must not hold what would end or hide it. */
function scriptText(code: string): string {
  if (/<\/script|<!--|<script/i.test(code)) throw new Error('the bundled script holds markup that would end it');
  return code;
}
