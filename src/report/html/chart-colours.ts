/**
 * How the charts look in the dark: each colour of the palette with its counterpart there, as rules of the page's style sheet.
 *
 * SVG states its colours as attributes, which any rule overrides: so a chart is drawn once and read in both. Counterparts have
 * a contrast of at least 4.5:1 on the dark card; strategy and component keep their hue. Marks in the colour of the card part
 * what they cross. Printing takes the charts as drawn.
 */
import { COMPONENT_COLOURS, GRID, INK, MUTED, strategyColour } from '../charts/palette.ts';

export const CARD_DARK = '#1c2229';

const STRATEGIES_IN_THE_DARK = ['#4fb0e8', '#f28c4a', '#3cc79c', '#d98ad3', '#d9b04a', '#b3b9c1', '#8fcdf2', '#e07aa8'];

const IN_THE_DARK: ReadonlyMap<string, string> = new Map([
  ...STRATEGIES_IN_THE_DARK.map((colour, i) => [strategyColour(i), colour] as const),
  [COMPONENT_COLOURS.commitments, '#c4a266'],
  [COMPONENT_COLOURS.quality, '#a3a3a3'],
  [COMPONENT_COLOURS.early_access, '#a98be0'],
  [INK, '#e6e9ed'],
  [MUTED, '#a3adb8'],
  [GRID, '#343c46'],
  ['#ffffff', CARD_DARK],
]);

/** Rules for a dark page, without the media query that they stand in. */
export const darkCharts = (): string =>
  [...IN_THE_DARK]
    .flatMap(([light, dark]) =>
      ['fill', 'stroke'].map((property) => `:is(.chart,.first) svg [${property}="${light}" i]{${property}:${dark}}`),
    )
    .join('\n');
