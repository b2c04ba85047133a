/** Which strategy is the cheapest over two inputs moved at once: the map, and in words. */
import type { Report } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { chosenWords, mapSentences, NO_MAP } from '../map-words.ts';
import { type DrawnChart, figure } from './figures.ts';
import { inputName } from './input-name.ts';
import { list, section } from './table.ts';

export function bestMapSection(report: Report, charts: readonly DrawnChart[]): Html {
  const map = report.best_map;
  if (map === undefined)
    return section(
      'best-map',
      'Which is best where',
      html`<p class="note">${NO_MAP}</p>
`,
    );
  return section(
    'best-map',
    'Which is best where',
    html`<p>Two inputs moved at once, everything else held: ${inputName(map.x.path)} and ${inputName(map.y.path)}. ${chosenWords(map)}</p>
`,
    list(mapSentences(map)),
    figure(
      report,
      charts,
      'driver-map',
      'Each area is coloured by the strategy that costs least there. The cross is where the scenario stands: the farther it lies from a border, the safer the answer.',
    ),
  );
}
