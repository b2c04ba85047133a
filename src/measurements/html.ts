/**
 * smoke.html: what live calls saw, on one page that needs nothing else: no script, no font, no network.
 *
 * Takes the measurements, their comparison and its drawn charts. What failed and what differs comes first, what proves it
 * after. Whatever was read goes through the escaping template; only the charts' SVG, which is ours, is taken as markup.
 */
import { type Html, html, raw } from '../report/escape.ts';
import { plural } from '../report/format.ts';
import type { DrawnChart } from '../report/html/figures.ts';
import { STYLE } from '../report/html/style.ts';
import { list } from '../report/html/table.ts';
import { POLICY } from '../report/html.ts';
import type { Comparison } from './compare.ts';
import type { Measurements } from './contract.ts';
import { differencesSection } from './html/differences.ts';
import { errorsSection } from './html/errors.ts';
import { failuresSection } from './html/failures.ts';
import { figuresSection } from './html/figures.ts';
import { latencySection } from './html/latency.ts';
import { matrixSection } from './html/matrix.ts';
import { reproductionSection, routesSection } from './html/routes.ts';
import { answerWords, bannerWords, differenceSentences, money, runWords, standingWords, titleWords } from './words.ts';

const OWN_STYLE =
  raw(`.banner{margin:24px 0 0;padding:14px 20px;background:var(--warn-tint);border:2px solid var(--warn);border-radius:6px;
font-weight:600;color:var(--ink)}
.matrix th:first-child{position:sticky;left:0;background:var(--page);padding-right:16px}
.matrix td{min-width:13em}
body>header p{max-width:72ch}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:16px;margin:20px 0 0;padding:0}
.tiles div{padding:14px 18px;background:var(--card);border:1px solid var(--line);border-radius:6px}
.tiles dt{color:var(--muted);font-size:.86rem;line-height:1.4}
.tiles dd{margin:4px 0 0;font-size:1.35rem;line-height:1.3;font-weight:600}
.tiles dd small{display:block;font-size:.82rem;font-weight:400;color:var(--muted);line-height:1.45}
.failed{padding:12px 0 14px;border-bottom:1px solid var(--line)}
.failed:last-child{border-bottom:0}
.failed .head{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 24px;font-weight:600;margin:0}
.failed code{display:block;margin:6px 0}
.failed li span{color:var(--muted)}
figure+figure,.scroll+figure,figure+.scroll{margin-top:28px}
@media(max-width:600px){.tiles{grid-template-columns:1fr 1fr;gap:10px}.tiles div{padding:12px}.tiles dd{font-size:1.12rem}.matrix tbody th{min-width:7.5em}.matrix td{min-width:11em}}
@media print{.banner{border-color:#000}.matrix th:first-child{position:static}}
`);

const CONTENTS: readonly (readonly [string, string])[] = [
  ['checks', 'Checks'],
  ['failures', 'What failed'],
  ['differences', 'Differences'],
  ['latency', 'Latency'],
  ['errors', 'Errors side by side'],
  ['routes', 'Routes'],
  ['figures', 'All figures'],
  ['reproduce', 'The run'],
];

export function renderHtml(found: Measurements, comparison: Comparison, charts: readonly DrawnChart[]): string {
  const title = titleWords(found, comparison);
  const sections: Readonly<Record<string, Html | false>> = {
    checks: matrixSection(comparison),
    failures: failuresSection(comparison),
    differences: differencesSection(comparison, charts),
    latency: latencySection(comparison, charts),
    errors: errorsSection(comparison),
    routes: routesSection(found, comparison),
    figures: figuresSection(comparison),
    reproduce: reproductionSection(found),
  };
  const shown = CONTENTS.filter(([id]) => sections[id] !== false);
  return `<!DOCTYPE html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}, ${found.started_at.slice(0, 10)}</title>
<style>${STYLE}${OWN_STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${runWords(found)}</p>
</header>
<main>
${bannerWords(found).map(
  (words) => html`<p class="banner" role="note">${words}</p>
`,
)}${answerCard(comparison)}${headlineNumbers(found, comparison)}<nav aria-label="Contents"><ul>${shown.map(
    ([id, name]) => html`<li><a href="#${id}">${name}</a></li>`,
  )}</ul></nav>
${shown.map(([id]) => sections[id])}</main>
<footer>Made by Tollgate ${found.tollgate}. measurements.json beside this page holds the same and all evidence for programs, unrounded, without keys and prompts.</footer>
</body>
</html>
`}`;
}

function answerCard(comparison: Comparison): Html {
  const sentences = differenceSentences(comparison);
  const isOpen = comparison.targets.length === 0 || comparison.standings.some(({ unmet }) => unmet.length > 0);
  return html`<div class="answer${isOpen && ' open'}">
<p class="what">${answerWords(comparison)}</p>
<div class="cols">
${
  comparison.standings.length > 0 &&
  html`<div><h3>How each route did</h3>${list(comparison.standings.map(standingWords))}</div>`
}
${
  sentences.length > 0 &&
  html`<div><h3>${comparison.baseline === undefined ? 'What was told of costs' : html`Against ${comparison.baseline.id}`}</h3>${list(sentences)}</div>`
}
</div></div>
`;
}

function headlineNumbers(found: Measurements, { failures, skipped, targets }: Comparison): Html {
  const required = failures.filter((one) => one.required).length;
  const tiles: readonly (readonly [string, string, string])[] = [
    [
      'Routes called',
      String(targets.length),
      skipped.length === 0 ? 'none was skipped' : `${plural(skipped.length, 'route')} skipped`,
    ],
    ['Checks that failed', String(failures.length), `${required} of them required`],
    ['Calls', String(found.evidence.length), plural(found.rounds, 'round')],
    [
      'Spent',
      money(found.spent.usd),
      found.spent.at_most_usd > found.spent.usd
        ? `at most ${money(found.spent.at_most_usd)}, of a cap of ${money(found.cap_usd)}`
        : `of a cap of ${money(found.cap_usd)}`,
    ],
  ];
  return html`<dl class="tiles">${tiles.map(
    ([term, value, note]) => html`<div><dt>${term}</dt><dd>${value}<small>${note}</small></dd></div>
`,
  )}</dl>
`;
}
