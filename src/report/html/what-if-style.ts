/** The look of the live part, in the variables of the page's own style sheet. Nothing of it shows without script. */
import { SEARCH_STYLE } from './search-style.ts';

export const WHAT_IF_STYLE = `${SEARCH_STYLE}#what-if-panel{display:grid;grid-template-columns:minmax(300px,5fr) minmax(0,7fr);gap:8px 40px}
#what-if-panel>*,.outcome>*{min-width:0}
#what-if-panel[hidden]{display:none}
#what-if-panel h3{margin:18px 0 4px}
#what-if-panel .hint,#what-if-panel small,#what-if-panel .told{color:var(--muted);font-size:.86rem;line-height:1.45}
#what-if-panel .hint{margin:0 0 10px}
.outcome{min-width:0}
.outcome .lead{padding:14px 18px 6px;background:var(--tint);border-left:5px solid var(--accent);border-radius:6px;margin:0 0 12px;
position:sticky;top:0;z-index:1}
.outcome .what{font-size:1.2rem;line-height:1.3;font-weight:650;margin:0 0 6px}
.outcome .beside{margin:0 0 8px;font-size:.94rem}
.outcome .best th,.outcome .best td{background:var(--tint)}
.outcome th,.outcome td{padding:7px 14px 7px 4px}
.outcome [data-figure]{white-space:nowrap}
.outcome :is(.what,.why)[data-figure]{white-space:normal}
.outcome .why{margin:0 0 12px;padding-left:18px;font-size:.94rem}
.live-chart{background:#fff;border:1px solid var(--line);border-radius:6px;padding:8px;overflow-x:auto}
.live-chart svg{display:block;max-width:none}
.driver{padding:10px 0 12px;border-bottom:1px solid var(--line)}
.driver .row{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:2px 12px}
.driver .row:last-of-type{flex-wrap:nowrap}
.driver.switch label{display:flex;gap:8px;align-items:baseline}
.driver.switch small{display:block;margin-left:26px}
.driver label{font-weight:600;font-size:.95rem;min-width:0}
.driver .typed{white-space:nowrap;font-size:.86rem;color:var(--muted);margin-left:auto}
.driver input[type=text]{width:7.2em;text-align:right;font:inherit;font-size:.95rem;padding:3px 6px;color:var(--ink);
background:var(--card);border:1px solid var(--muted);border-radius:4px}
.driver input[aria-invalid]{border-color:var(--warn);outline:2px solid var(--warn)}
.driver input[type=range]{width:100%;margin:4px 0 0;accent-color:var(--accent);height:24px}
.driver .marks{display:block;position:relative;height:8px;margin:-4px 8px 0}
.driver .central{position:absolute;width:0;height:0;margin-left:-5px;border:5px solid transparent;border-top:0;border-bottom:7px solid var(--muted)}
.driver .ends{display:flex;justify-content:space-between;font-size:.78rem;color:var(--muted)}
.driver small{min-width:0}
.driver button.idle{visibility:hidden}
.driver.changed label{color:var(--accent)}
.driver.changed input[type=text]{border-color:var(--accent);font-weight:600}
.driver .problem{margin:2px 0 0;color:var(--warn);font-size:.88rem}
.driver .problem:empty,.driver .widened:empty{display:none}
.driver .widened{display:block}
#what-if-panel button{font:inherit;font-size:.88rem;padding:4px 12px;color:var(--accent);background:var(--card);
border:1px solid var(--accent);border-radius:4px;cursor:pointer;white-space:nowrap}
#what-if-panel .driver button{padding:1px 8px;font-size:.8rem}
#what-if-panel button:disabled{color:var(--muted);border-color:var(--line);cursor:default}
#what-if-panel button[hidden]{display:none}
#what-if-panel :is(input,button,select,summary,textarea):focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.actions{grid-column:1/-1;display:flex;flex-wrap:wrap;gap:8px;align-items:center;padding:6px 0}
.actions p,.actions textarea{flex-basis:100%;margin:0}
.actions textarea{font:inherit;font-size:.86rem;color:var(--ink);background:var(--card);border:1px solid var(--muted)}
.further{grid-column:1/-1;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,360px),1fr));gap:0 40px}
.further>div{min-width:0}
.further dl.old{opacity:.55}
.further select{font:inherit;font-size:.92rem;max-width:100%;padding:3px 6px;color:var(--ink);background:var(--card);border:1px solid var(--muted);border-radius:4px}
.further progress{width:12em;accent-color:var(--accent);vertical-align:middle}
.further p{margin:6px 0}
#what-if-panel dt{font-weight:600;margin-top:8px}
#what-if-panel dd{margin:0;color:var(--muted);font-size:.9rem}
.off-screen{position:fixed;top:0;left:-200vw}
@media(max-width:860px){#what-if-panel{grid-template-columns:minmax(0,1fr)}
.outcome{display:contents}.outcome .lead{order:-1;margin:0}}
@media print{.drivers,.actions,.further{display:none}#what-if-panel{display:block}#what-if-static{display:none}}
`;
