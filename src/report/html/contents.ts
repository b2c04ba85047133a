/** The page's own contents: which sections a report has, in which order, and what they are called in the list of links. */
import type { Report } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { hasAttribution } from './attribution.ts';
import { hasDrivers, hasMeasurements } from './drivers.ts';

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly isThere?: (report: Report) => boolean;
}

const ENTRIES: readonly Entry[] = [
  { id: 'how-sure', name: 'How sure', isThere: (report) => report.uncertainty !== undefined },
  { id: 'drivers', name: 'What drives it', isThere: hasDrivers },
  { id: 'best-map', name: 'Best where' },
  { id: 'measure-next', name: 'What to measure next', isThere: hasMeasurements },
  { id: 'over-time', name: 'Over time' },
  { id: 'volume', name: 'Volume' },
  { id: 'break-even', name: 'Break-even' },
  { id: 'claims', name: 'Claims', isThere: (report) => report.claims !== undefined },
  { id: 'by-model', name: 'Models and features', isThere: hasAttribution },
  { id: 'strategies', name: 'Strategies' },
  { id: 'composition', name: 'Composition' },
  { id: 'choices', name: 'Needs' },
  { id: 'outages', name: 'Outages and latency' },
  { id: 'replays', name: 'Replays', isThere: (report) => report.replays !== undefined },
  { id: 'line-items', name: 'Line items' },
  { id: 'assumptions', name: 'Assumptions' },
  { id: 'prices', name: 'Prices' },
  { id: 'facts', name: 'Facts', isThere: (report) => (report.facts ?? []).length > 0 },
  { id: 'traffic', name: 'Traffic' },
  { id: 'billed', name: 'Billed', isThere: (report) => report.traffic.billed !== undefined },
  { id: 'data-quality', name: 'Data quality' },
  { id: 'reproduce', name: 'Reproduce' },
  { id: 'words', name: 'Words' },
];

/** @param first links that stand before those of the sections */
export const contents = (report: Report, first: readonly (readonly [string, string])[] = []): Html =>
  html`<nav aria-label="Contents"><ul>${[
    ...first,
    ...ENTRIES.filter(({ isThere }) => isThere?.(report) ?? true).map(({ id, name }) => [id, name] as const),
  ].map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
`;
