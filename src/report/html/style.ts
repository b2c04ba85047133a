/** The look of report.html: one style sheet, light and dark, wide and narrow, screen and paper. No fonts to load. */
import { raw } from '../escape.ts';
import { CARD_DARK, darkCharts } from './chart-colours.ts';

const PAGE = `
:root{color-scheme:light dark;--ink:#1f2933;--muted:#55606c;--line:#dfe3e8;--page:#fbfbfa;--card:#fff;--accent:#00568a;
--good:#00684b;--tint:#eef4f8;--warn:#8a4b00;--warn-tint:#fdf4e7}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:12px}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main,body>header,body>footer{max-width:1240px;margin:0 auto;padding:0 24px}
body>header{padding-top:20px}
body>header p{margin:0;color:var(--muted);max-width:120ch}
body>header .meta{font-size:.86rem}
.skip{position:absolute;left:-999px}
.skip:focus{left:16px;top:8px;z-index:2;padding:8px 14px;background:var(--card);border:1px solid var(--line);border-radius:6px}
h1{font-size:1.35rem;line-height:1.3;margin:0 0 2px;font-weight:650;letter-spacing:-.01em}
h2{font-size:1.3rem;line-height:1.3;margin:0 0 10px;font-weight:650;letter-spacing:-.01em}
h3{font-size:1rem;margin:28px 0 6px;font-weight:650}
section{margin:60px 0 0}
section>p,figcaption{max-width:80ch;margin:0 0 16px;color:var(--muted)}
p{margin:0 0 12px}
a{color:var(--accent)}
data[title]{text-decoration:underline dotted 1px;text-decoration-color:var(--line);text-underline-offset:3px}
code{font:.88em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
small{font-size:.9em}
a:focus-visible,summary:focus-visible,.scroll:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible{
outline:3px solid var(--accent);outline-offset:2px;border-radius:2px}
.answer{margin-top:14px;padding:18px 26px 14px;background:var(--tint);border-left:5px solid var(--accent);border-radius:6px}
.answer.open{background:var(--warn-tint);border-color:var(--warn)}
.answer .what{font-size:1.65rem;line-height:1.25;letter-spacing:-.015em;margin:0 0 4px;text-wrap:balance}
.answer .basis{max-width:none;font-size:.86rem;line-height:1.45;color:var(--muted);margin:6px 0 0}
.answer .cols{display:grid;grid-template-columns:repeat(auto-fit,minmax(195px,1fr));gap:4px 36px;margin-top:12px;font-size:.92rem;line-height:1.45}
.answer .cols p,.answer .cols ul{margin:0 0 6px}
.answer p{color:inherit}
.answer h3{margin:0 0 3px;font-size:.98rem}
.meter{display:block;width:100%;max-width:300px;height:8px;margin:4px 0 6px}
.meter .share{fill:var(--accent)}
.meter .rest{fill:var(--line)}
.more{font-size:.86rem;line-height:1.45;color:var(--muted)}
ul{margin:0 0 12px;padding-left:1.15em}
li{margin:2px 0}
.first{display:grid;grid-template-columns:minmax(0,11fr) minmax(0,9fr);gap:12px 32px;margin-top:16px}
.first.alone{grid-template-columns:minmax(0,1fr)}
.first h2{font-size:1.02rem;margin:0 0 2px}
.first .when{margin:0 0 6px;font-size:.92rem;line-height:1.4}
.first figcaption,.first .more{font-size:.82rem;line-height:1.4;margin:4px 0 0;max-width:none;color:var(--muted)}
.first th,.first td{padding:5px 14px 6px 0;font-size:.9rem}
.first thead th{font-size:.8rem}
.first th:last-child,.first td:last-child{padding-right:2px}
.first tbody th{width:99%;max-width:none;min-width:9em}
.first td{white-space:nowrap;min-width:0}.first thead .n{min-width:6em;padding-left:0}.first thead .n:last-child{min-width:4.5em}
.lead-chart{display:block;width:100%;height:auto;background:var(--card);border:1px solid var(--line);border-radius:6px;font-size:12.5px}
.lead-chart.narrow{display:none}
.lead-chart text{fill:var(--ink)}
.lead-chart .tick,.lead-chart .side{fill:var(--muted)}
.lead-chart .strong{font-weight:650}
.lead-chart .grid{stroke:var(--line)}
.lead-chart .zero{stroke:var(--ink)}
.lead-chart .mark{stroke:var(--muted);stroke-dasharray:3 3}
.lead-chart .span{stroke:var(--ink);stroke-width:3.5}
.lead-chart .ring{fill:var(--card);stroke:var(--ink);stroke-width:2}
.bar{display:block;width:100%;height:9px;margin:4px 0 1px}
.bar .zero{stroke:var(--ink);stroke-width:3}
.legend{display:flex;flex-wrap:wrap;gap:0 14px;margin:8px 0 0;font-size:.82rem;color:var(--muted)}
.legend svg{margin-right:5px}
nav{margin:22px 0 0;font-size:.92rem}
nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;padding:0;margin:0}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.45}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{padding:8px 20px 8px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);min-width:5.5em;
overflow-wrap:break-word}
th:last-child,td:last-child{padding-right:2px}
thead th,thead td{color:var(--muted);font-weight:500;font-size:.86rem;vertical-align:bottom;border-bottom-width:2px}
tbody th{font-weight:600;max-width:24em}
td{max-width:36em}
.n{text-align:right;white-space:nowrap}
thead .n{white-space:normal}
td small,th small{display:block;color:var(--muted);font-weight:400;font-size:.92em}
.tag{display:inline-block;padding:0 8px;margin-right:4px;border:1px solid currentColor;border-radius:99px;font-size:.76rem;
font-weight:500;line-height:1.6;color:var(--muted)}
.tag.yes{color:var(--good)}
.tag.no{color:var(--warn)}
.date{white-space:nowrap}
figure{margin:0 0 8px}
.chart{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:6px}
.chart svg{display:block;max-width:100%;min-width:680px;height:auto;margin:0 auto}
figcaption{margin:10px 0 0}
details{margin:10px 0;border-top:1px solid var(--line)}
details[open]{padding-bottom:14px}
summary{cursor:pointer;padding:8px 0;color:var(--accent);font-size:.94rem}
summary b{color:var(--ink);font-weight:600}
.items{padding-left:18px}
.item{margin:0}
.item summary{color:inherit}
.item summary .label{display:inline-block;width:calc(100% - 9.5em);vertical-align:top;font-weight:600}
.item summary .n{display:inline-block;width:7.5em;vertical-align:top;font-weight:600}
.item summary small{display:block;font-weight:400;color:var(--muted)}
.item code{display:block;margin:2px 0 6px}
.item ul{font-size:.88rem;list-style:none;padding-left:14px;border-left:2px solid var(--line)}
.item li span{color:var(--muted)}
.words div{display:grid;grid-template-columns:minmax(8em,14em) 1fr;gap:0 24px;padding:6px 0;border-bottom:1px solid var(--line);font-size:.94rem}
.words dt{font-weight:600}
.words dd{margin:0;max-width:80ch}
.note{padding:10px 16px;background:var(--warn-tint);border-left:4px solid var(--warn);border-radius:4px;max-width:none}
section>.note{color:var(--ink)}
.paper{display:none}
body>footer{padding-top:48px;padding-bottom:48px;color:var(--muted);font-size:.88rem}
@media(max-width:900px){.first{grid-template-columns:minmax(0,1fr)}}
@media(max-width:600px){body{font-size:15px}main,body>header,body>footer{padding-left:16px;padding-right:16px}
.answer{padding:16px 16px 10px}.answer .what{font-size:1.3rem}.answer .cols{grid-template-columns:minmax(0,1fr)}section{margin-top:44px}
th,td{padding-right:14px}tbody th{min-width:10em}td:not(.n){min-width:9em}.first td,.first tbody th{min-width:0}
.lead-chart.wide{display:none}.lead-chart.narrow{display:block}.words div{grid-template-columns:minmax(0,1fr)}.items{padding-left:8px}
.chart+figcaption::before{content:"The chart scrolls sideways. "}}
`;

const DARK = `
@media screen and (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--muted:#a9b3be;--line:#343c46;--page:#14181d;--card:${CARD_DARK};--accent:#7cc0ee;
--good:#6fd3b0;--tint:#1a2733;--warn:#f0b565;--warn-tint:#2b2318}
${darkCharts()}
}
`;

const PRINT = `
@media print{@page{margin:14mm}:root{color-scheme:light;--ink:#000;--muted:#444;--line:#bbb;--page:#fff;--card:#fff;--tint:#fff;--warn-tint:#fff;
--accent:#003a5c;--good:#000;--warn:#000}
html{font-size:12px}html,body{background:#fff}
body{font-size:9.5pt;line-height:1.4}main,body>header,body>footer{max-width:none;padding:0}nav,.skip,.more,#what-if{display:none}
section{margin-top:18pt}h2,h3,summary,caption{break-after:avoid}
.answer{border:1px solid #bbb;border-left:4px solid #003a5c;margin-top:8pt;padding:8pt 12pt 4pt}.answer .what{font-size:15pt}
.answer .cols{grid-template-columns:repeat(3,1fr);gap:4pt 14pt;font-size:8.5pt}
.first{grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:8pt 12pt}.first th,.first td,.first thead .n{min-width:0;padding:2pt 5pt 2pt 0;font-size:7.5pt}.first tbody th{min-width:7em}
.lead-chart.wide{display:none}.lead-chart.narrow{display:block}
figure,.answer,.item>summary,tr,.first,.chart,li{break-inside:avoid}thead{display:table-header-group;break-after:avoid}
tbody tr:first-child{break-before:avoid}:is(h2,h3)+p{break-after:avoid}p,li{orphans:3;widows:3}
body>footer{padding:12pt 0 0;break-before:avoid}
svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.scroll{overflow:visible}.chart{padding:0;border:0}.chart svg{min-width:0;max-height:200mm}
table{font-size:8pt}th,td,tbody th,.n{min-width:0;padding:3pt 6pt 3pt 0;white-space:normal}td a,td code,th code,td small{overflow-wrap:anywhere}
a{text-decoration:none}data[title]{text-decoration:none}
figure+details:not([open]){display:none}summary{list-style:none}details:not(.item,[open])>summary::after{content:" (folded)";color:#444}
.paper{display:inline}}
`;

export const STYLE = raw(PAGE + DARK + PRINT);
