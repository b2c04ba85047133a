/** What claims.html adds to the look of a report: tallies, verdicts by colour and sign, the working. */
import { AREA_COLOURS } from '../report/charts/claim-axis.ts';

const AREAS_IN_THE_DARK = { holds: '#1d4a68', fails: '#6a4020', unknown: '#343c46' } as const;
const darkAreas = (Object.keys(AREAS_IN_THE_DARK) as (keyof typeof AREAS_IN_THE_DARK)[])
  .flatMap((verdict) =>
    ['fill', 'stroke'].map(
      (property) => `.chart svg [${property}="${AREA_COLOURS[verdict]}" i]{${property}:${AREAS_IN_THE_DARK[verdict]}}`,
    ),
  )
  .join('');

export const LEDGER_STYLE = `
.tally{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:10px 24px;margin:10px 0 4px}
.tally b{font-size:1.5rem;font-weight:650;margin-right:6px}
.tally small{display:block;color:var(--muted);font-size:.84rem}
.verdict{display:inline-block;white-space:nowrap;font-weight:650}
.verdict.holds{color:var(--good)}.verdict.fails{color:var(--warn)}.verdict.holds_where{color:var(--accent)}.verdict.unknown{color:var(--muted)}
#verdicts tbody th{font-weight:400;max-width:34em}#verdicts tbody th a{font-weight:650}
#verdicts td:nth-child(2){white-space:nowrap}
.statement h2{margin-bottom:4px}
.statement .said{font-size:.92rem;margin:0 0 10px;color:var(--muted)}
.statement>p{color:var(--ink);max-width:80ch}
.statement .ruling{font-size:1.08rem}
.statement .again{margin-top:16px}
.statement h3{margin:20px 0 4px}
.working{padding:2px 0 8px 18px;border-left:2px solid var(--line)}
.working h4{font-size:.94rem;margin:18px 0 4px}
.working p{max-width:90ch;font-size:.92rem}
.working table{width:auto;min-width:min(100%,30em)}
.working .sum>*{font-weight:650;border-bottom:0}
.steps{list-style:none;padding:0;margin:0}
.steps>li{padding:8px 0;border-bottom:1px solid var(--line);font-size:.9rem}
.steps code{display:block;margin:2px 0}
.steps ul{list-style:none;padding-left:14px;color:var(--muted);font-size:.95em}
.steps ul b{color:var(--ink)}
@media(max-width:600px){.working{padding-left:8px}#verdicts :is(table,tbody,tr,th,td){display:block;width:auto;max-width:none}#verdicts thead{display:none}
#verdicts :is(th,td){padding:2px 0;border:0}#verdicts tr{padding:10px 0;border-bottom:1px solid var(--line)}}
@media screen and (prefers-color-scheme:dark){${darkAreas}}
@media print{.statement>details:not([open]){display:none}.statement .again{break-before:avoid}}
`;
