/**
 * The page's script, and its worker's, which is the same text: reads the embedded model, builds the panel, recomputes at every
 * step of a slider, keeps the address.
 *
 * What is asked for goes one way: chosen value -> settings -> run -> controls, outcome, address. A step is timed as the
 * measure `what-if`, drawing included. Where anything is missing the page stays as it is without script.
 */
/// <reference lib="dom" />
import type { LiveReport } from '../report/html/what-if.ts';
import { Recomputer } from '../whatif/recompute.ts';
import type { Settings } from '../whatif/what-if.ts';
import { actions } from './actions.ts';
import { Background } from './background.ts';
import { driverPanel } from './driver-panel.ts';
import { element } from './element.ts';
import { furtherPart } from './further.ts';
import { addLineSearch } from './line-search.ts';
import { fragmentOf, isState, settingsIn } from './link-state.ts';
import { addNameSearch } from './name-search.ts';
import { outcomeView } from './outcome.ts';
import { addUnfoldButton } from './unfold.ts';
import { serveJobs } from './worker.ts';

/** @param script the text of this script, from which workers start */
function start(script: string): void {
  const panel = document.getElementById('what-if-panel');
  const data = document.getElementById('what-if-data')?.textContent;
  if (panel === null || data === null || data === undefined) return;
  const live = JSON.parse(data) as LiveReport;
  const { what_if } = live;
  const recomputer = new Recomputer(what_if);
  const reported = recomputer.run({});
  let settings: Settings = {};

  const outcome = outcomeView(live, reported);
  const further = furtherPart(
    live,
    () => new Background(what_if, script),
    () => settings,
  );
  const buttons = actions(
    live,
    () => settings,
    () => change({}),
  );
  const drivers = driverPanel(what_if, (driver, value) => {
    const { [driver.path]: _, ...others } = settings;
    change(value === driver.central ? others : { ...others, [driver.path]: value });
  });

  function show(): void {
    const began = performance.now();
    const result = recomputer.run(settings);
    drivers.show(settings);
    buttons.show(settings);
    outcome.show(result, Object.keys(settings).length);
    further.show(result);
    performance.measure('what-if', { start: began, end: performance.now() });
  }

  let writing: ReturnType<typeof setTimeout> | undefined;
  function change(next: Settings): void {
    settings = next;
    show();
    clearTimeout(writing);
    writing = setTimeout(writeAddress, 150);
  }

  /** Browsers allow so many changes of the address and no more, so it is written when a slider rests. */
  function writeAddress(): void {
    const fragment = fragmentOf(settings);
    if (fragment === '' && !isState(location.hash)) return;
    history.replaceState(null, '', fragment === '' ? '#what-if' : fragment);
  }

  /** A place on the page changes nothing; an address without either, as after a step back, is the report's own values. */
  function readAddress(): void {
    if (location.hash !== '' && !isState(location.hash)) return;
    const { settings: found, dropped } = settingsIn(location.hash, what_if.drivers);
    settings = found;
    show();
    if (dropped.length > 0) buttons.tell(`Not all of the link could be taken. ${dropped.join(' ')}`);
  }

  panel.append(buttons.node, drivers.node, outcome.node, further.node);
  panel.hidden = false;
  const note = document.getElementById('what-if-static');
  if (note !== null) note.hidden = true;
  show();
  if (isState(location.hash)) {
    readAddress();
    document.getElementById('what-if')?.scrollIntoView();
  }
  addEventListener('hashchange', readAddress);
}

function startPage(): void {
  try {
    addLineSearch();
    addNameSearch();
    addUnfoldButton();
    start(document.currentScript?.textContent ?? '');
  } catch (error) {
    const note = document.getElementById('what-if-static');
    note?.replaceChildren(
      element('span', {}, `The live part could not start (${(error as Error).message}). All else on this page holds.`),
    );
  }
}

if ('document' in globalThis) startPage();
else serveJobs();
