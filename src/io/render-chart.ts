/**
 * Draws a chart spec as SVG: the only door to Vega and Vega-Lite, loaded when the first chart is drawn.
 *
 * A warning of Vega-Lite is an error: it means that the chart would not show what the spec says. Without a canvas Vega
 * guesses text widths, and labels are cut; so widths come from a table of DejaVu Sans, the font named in the specs. The
 * result names itself (role, title, description), has ids of its own, and is the same bytes for the same spec.
 */
import type { ChartSpec } from '../report/charts/chart.ts';
import { escapeHtml } from '../report/escape.ts';

/**
 * Advance widths of U+0020 to U+007E in thousandths of the font size, from the hmtx table of DejaVu Sans 2.37. Other
 * characters count as the widest common ones do, so that space is wasted rather than text cut.
 */
const REGULAR = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
  748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
  615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
  337, 636, 838,
];
const BOLD = [
  348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696, 696,
  696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995,
  837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716,
  678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712,
  365, 712, 838,
];
const OTHER = 1000;
const DEFAULT_FONT_SIZE = 11;

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

/** Width of a text in pixels; Vega asks for it wherever it lays out axes, legends and titles. */
export function textWidth(item: TextItem, text: unknown): number {
  const widths = item.fontWeight === 'bold' || Number(item.fontWeight) >= 600 ? BOLD : REGULAR;
  let thousandths = 0;
  for (const character of String(text ?? '').trim()) thousandths += widths[character.codePointAt(0)! - 32] ?? OTHER;
  return (thousandths / 1000) * (item.fontSize ?? DEFAULT_FONT_SIZE);
}

/** Vega-Lite's logger, which throws on what it would only mention. */
function strictLogger(chart: string) {
  const complain = (...messages: readonly unknown[]): never => {
    throw new Error(`chart ${chart}: ${messages.map(String).join(' ')}`);
  };
  const logger = {
    level: () => logger,
    error: complain,
    warn: complain,
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}

/** The chart as one SVG element. Throws, naming chart and warning, where Vega-Lite is not content with the spec. */
export async function renderSvg(spec: ChartSpec): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { textMetrics } = vega as unknown as { textMetrics: { width: typeof textWidth } };
  textMetrics.width = textWidth;
  const { id } = spec.usermeta;
  const logger = strictLogger(id);
  const compiled = compile(spec as unknown as Parameters<typeof compile>[0], { logger: logger as never }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logger: logger as never });
  try {
    return labelled(await view.toSVG(), spec);
  } finally {
    view.finalize();
  }
}

/** Own ids instead of Vega's running numbers, and a name and a description for who can't see the picture. */
function labelled(svg: string, spec: ChartSpec): string {
  const { id } = spec.usermeta;
  const names = new Map<string, string>();
  for (const [, name] of svg.matchAll(/ id="([^"]+)"/g)) names.set(name!, `${id}-def-${names.size}`);
  let text = svg;
  for (const [name, own] of names)
    text = text.replaceAll(` id="${name}"`, ` id="${own}"`).replaceAll(`url(#${name})`, `url(#${own})`);
  return text.replace(
    /^<svg ([^>]*)>/,
    (_, attributes: string) =>
      `<svg role="img" aria-labelledby="${id}-title ${id}-desc" ${attributes}>` +
      `<title id="${id}-title">${escapeHtml(spec.title.text)}</title>` +
      `<desc id="${id}-desc">${escapeHtml(spec.description)}</desc>`,
  );
}
