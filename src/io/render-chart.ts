/**
 * Draws a chart spec as SVG: the only door to Vega and Vega-Lite, loaded when the first chart is drawn.
 *
 * A warning of Vega-Lite is an error: it means that the chart would not show what the spec says. Without a canvas Vega
 * guesses text widths, and labels are cut; so widths come from the table of the font that the specs name, with room for
 * another. The result names itself (role, title, description), has ids of its own, and is the same bytes for the same spec.
 */
import { type ChartSpec, TITLE_SIZE } from '../report/charts/chart.ts';
import { linesOf, roomFor } from '../report/charts/text-width.ts';
import { escapeHtml } from '../report/escape.ts';

const DEFAULT_FONT_SIZE = 11;
const TITLE_WIDTH = 820;

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

/** Vega asks for it wherever it lays out axes, legends, titles and the edge of the picture. */
function width({ fontSize = DEFAULT_FONT_SIZE, fontWeight }: TextItem, text: unknown): number {
  const isBold = fontWeight === 'bold' || Number(fontWeight) >= 600;
  return roomFor(String(text ?? '').trim(), fontSize, isBold ? 'bold' : 'normal');
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
  const { textMetrics } = vega as unknown as { textMetrics: { width: typeof width } };
  textMetrics.width = width;
  const { id } = spec.usermeta;
  const logger = strictLogger(id);
  const title = { ...spec.title, text: linesOf(spec.title.text, TITLE_WIDTH, TITLE_SIZE, 'bold') };
  const wrapped = { ...spec, title } as unknown as Parameters<typeof compile>[0];
  const compiled = compile(wrapped, { logger: logger as never }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logger: logger as never });
  try {
    return labelled(await view.toSVG(), spec);
  } finally {
    view.finalize();
  }
}

/**
 * Own ids instead of Vega's running numbers, and a name and a description for who can't see the picture. It is one picture:
 * the roles that Vega gives to its parts are taken out.
 */
function labelled(svg: string, spec: ChartSpec): string {
  const { id } = spec.usermeta;
  const names = new Map<string, string>();
  for (const [, name] of svg.matchAll(/ id="([^"]+)"/g)) names.set(name!, `${id}-def-${names.size}`);
  let text = svg.replace(/<[a-z]+ [^>]*>/g, (tag) => tag.replace(/ (?:role|aria-roledescription)="[^"]*"/g, ''));
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
