/** The look of report.html: one style sheet, light and dark, wide and narrow, screen and paper. No fonts to load. */
import { raw } from '../escape.ts';

export const STYLE = raw(`
:root{color-scheme:light dark;--ink:#1f2933;--muted:#5b6672;--line:#dfe3e8;--page:#fbfbfa;--card:#fff;--accent:#00568a;
--good:#00684b;--tint:#eef4f8;--warn:#8a4b00;--warn-tint:#fdf4e7}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ed;--muted:#a3adb8;--line:#343c46;--page:#14181d;--card:#1c2229;
--accent:#7cc0ee;--good:#6fd3b0;--tint:#1a2733;--warn:#f0b565;--warn-tint:#2b2318}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main,header,footer{max-width:1080px;margin:0 auto;padding:0 24px}
header{padding-top:40px}
header p{margin:0;color:var(--muted);max-width:72ch}
h1{font-size:1.45rem;line-height:1.3;margin:0 0 6px;font-weight:650;letter-spacing:-.01em}
h2{font-size:1.3rem;line-height:1.3;margin:0 0 10px;font-weight:650;letter-spacing:-.01em}
h3{font-size:1rem;margin:28px 0 6px;font-weight:650}
section{margin:64px 0 0}
section>p,figcaption{max-width:72ch;margin:0 0 18px;color:var(--muted)}
p{margin:0 0 12px}
a{color:var(--accent)}
code{font:.88em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.answer{margin-top:28px;padding:28px 32px 24px;background:var(--tint);border-left:5px solid var(--accent);border-radius:6px}
.answer.open{background:var(--warn-tint);border-color:var(--warn)}
.answer .what{font-size:1.75rem;line-height:1.25;font-weight:650;letter-spacing:-.015em;margin:0 0 10px;text-wrap:balance}
.answer p{max-width:76ch}
.answer .cols{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr));gap:4px 40px;margin-top:18px}
.answer h3{margin-top:0;font-size:.95rem}
ul{margin:0 0 12px;padding-left:1.15em}
li{margin:3px 0}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:16px;margin:20px 0 0;padding:0}
.figures div{padding:16px 18px;background:var(--card);border:1px solid var(--line);border-radius:6px}
.figures dt{color:var(--muted);font-size:.86rem;line-height:1.4}
.figures dd{margin:4px 0 0;font-size:1.4rem;line-height:1.3;font-weight:600}
.figures dd small{display:block;font-size:.82rem;font-weight:400;color:var(--muted);line-height:1.45}
nav{margin:24px 0 0;font-size:.92rem}
nav ul{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;padding:0;margin:0}
.scroll{overflow-x:auto;max-width:100%}
.scroll:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.45}
th,td{padding:9px 20px 9px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);min-width:5.5em;
overflow-wrap:break-word}
th:last-child,td:last-child{padding-right:2px}
thead th{color:var(--muted);font-weight:500;font-size:.86rem;vertical-align:bottom;border-bottom-width:2px}
tbody th{font-weight:600;max-width:22em}
td{max-width:30em}
.n{text-align:right;white-space:nowrap}
thead .n{white-space:normal}
td small,th small{display:block;color:var(--muted);font-weight:400;font-size:.92em}
.tag{display:inline-block;padding:0 8px;margin-right:4px;border:1px solid currentColor;border-radius:99px;font-size:.76rem;
font-weight:500;line-height:1.6;color:var(--muted)}
.tag.yes{color:var(--good)}
.tag.no{color:var(--warn)}
.date{white-space:nowrap}
figure{margin:0 0 8px}
.chart{background:#fff;border:1px solid var(--line);border-radius:6px;padding:6px}
.chart svg{display:block;max-width:100%;min-width:680px;height:auto;margin:0 auto}
figcaption{margin:12px 0 0}
details{margin:10px 0;border-top:1px solid var(--line)}
details[open]{padding-bottom:14px}
summary{cursor:pointer;padding:9px 0;color:var(--accent);font-size:.94rem}
summary b{color:var(--ink);font-weight:600}
.item{padding:12px 0 14px;border-bottom:1px solid var(--line)}
.item:last-child{border-bottom:0}
.item .head{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 24px;font-weight:600;margin:0}
.item .sub{margin:2px 0 4px;color:var(--muted);font-size:.88rem}
.item code{display:block;margin:6px 0}
.item ul{font-size:.88rem;list-style:none;padding-left:14px;border-left:2px solid var(--line)}
.item li span{color:var(--muted)}
.note{padding:10px 16px;background:var(--warn-tint);border-left:4px solid var(--warn);border-radius:4px;max-width:none;color:var(--ink)}
footer{padding-top:56px;padding-bottom:56px;color:var(--muted);font-size:.88rem}
@media(max-width:600px){body{font-size:15px}main,header,footer{padding-left:16px;padding-right:16px}header{padding-top:24px}
.answer{padding:20px 18px 14px}.answer .what{font-size:1.35rem}.figures{grid-template-columns:1fr 1fr;gap:10px}
.figures div{padding:12px}.figures dd{font-size:1.12rem}section{margin-top:48px}th,td{padding-right:14px}tbody th{min-width:11em}
td:not(.n){min-width:9em}figcaption::before{content:"The chart scrolls sideways. "}}
@media print{:root{--ink:#000;--muted:#444;--line:#bbb;--page:#fff;--card:#fff;--tint:#fff;--warn-tint:#fff;--accent:#000;--good:#000;--warn:#000}
body{font-size:10pt}main,header,footer{max-width:none;padding:0}nav{display:none}section{margin-top:24pt}
figure,.answer,.item,tr{break-inside:avoid}.scroll{overflow:visible}.chart svg{min-width:0}
details::details-content{display:block;content-visibility:visible;height:auto}}
`);
