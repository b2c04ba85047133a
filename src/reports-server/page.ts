/**
 * The frame of the server's own pages: head, style, what a browser may do on them. They hold no script, load nothing and send
 * their forms to this server alone; the style is allowed by its digest. The look is that of report.html.
 */
import { createHash } from 'node:crypto';
import { type Html, type HtmlValue, html, raw } from '../report/escape.ts';
import { STYLE } from '../report/html/style.ts';

const OWN_STYLE = `
header{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:6px 24px}
main{padding-bottom:56px}
main.wide,header.wide{max-width:1400px}
form{margin:20px 0}
input[type=search]{font:inherit;padding:7px 12px;width:min(28em,100%);color:var(--ink);background:var(--card);
border:1px solid var(--muted);border-radius:6px}
button{font:inherit;padding:7px 16px;color:var(--page);background:var(--accent);border:1px solid var(--accent);border-radius:6px;
cursor:pointer}
input:focus-visible,button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.search{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.reports{list-style:none;margin:0;padding:0}
.reports>li{display:grid;grid-template-columns:2.2em minmax(0,1fr);margin:0;padding:18px 0;border-bottom:1px solid var(--line)}
.reports input{width:1.25em;height:1.25em;margin:.25em 0 0;accent-color:var(--accent)}
.reports h2{font-size:1.1rem;margin:0}
.reports p{margin:2px 0 8px;max-width:90ch}
.reports .answer-line{font-weight:600}
.reports dl,.sides dl{display:flex;flex-wrap:wrap;gap:2px 28px;margin:0;font-size:.9rem}
dl div{min-width:0}
.reports dt,.sides dt{display:inline;color:var(--muted)}
.reports dt::after,.sides dt::after{content:": "}
.reports dd,.sides dd{display:inline;margin:0}
.reports .bad{color:var(--warn)}
.muted{color:var(--muted)}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr));gap:16px;margin:24px 0 0}
.sides article{padding:18px 20px;background:var(--card);border:1px solid var(--line);border-top:4px solid var(--accent);border-radius:6px}
.sides h2{font-size:1.1rem;margin:0 0 6px}
.sides dl{display:block}
.sides .answer-line{font-size:1.15rem;line-height:1.35;font-weight:650}
.what-changed{margin:24px 0 0;padding:20px 24px 10px;background:var(--tint);border-left:5px solid var(--accent);border-radius:6px}
.what-changed h2{font-size:1.2rem}
#assumptions td{min-width:15em}
.reports+.choose{margin-top:20px}
main h2{margin-top:0}
main .scroll{margin:0 0 14px}
@media(max-width:600px){.what-changed{padding:16px 16px 6px}button{width:100%}.search button{width:auto}}
@media print{form[role=search],.choose{display:none}.reports input{visibility:hidden}.reports li{break-inside:avoid}}
`;

const SHEET = `${STYLE.markup}${OWN_STYLE}`;
const DIGEST = createHash('sha256').update(SHEET).digest('base64');

export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${DIGEST}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

export function page(title: string, head: HtmlValue, content: HtmlValue, width: 'usual' | 'wide' = 'usual'): string {
  const kind = width === 'wide' && raw(' class="wide"');
  const whole: Html = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(SHEET)}</style>
</head>
<body>
<header${kind}>${head}</header>
<main${kind}>
${content}</main>
</body>
</html>
`;
  return `<!DOCTYPE html>\n${whole}`;
}

/** What is said in place of a page. */
export const sorryPage = (title: string, ...sentences: readonly HtmlValue[]): string =>
  page(
    title,
    html`<h1>${title}</h1>`,
    html`${sentences.map((sentence) => html`<p>${sentence}</p>`)}<p><a href="/">All reports</a></p>`,
  );

/** `2026-11-21 15:38 UTC`, with the exact instant for programs. */
export const instant = (ms: number): Html => {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
};
