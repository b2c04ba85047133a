/**
 * Writes what live calls saw: measurements.json, smoke.md, smoke.html and the charts as SVG, on demand as PNG too.
 *
 * Everything is rendered before the first byte is written; files take their places by renaming, measurements.json last, so
 * that nobody sees half of one. Charts that this run does not draw are removed if an earlier run left them.
 */
import { join } from 'node:path';
import { inputError } from '../errors.ts';
import { charts } from '../measurements/charts/charts.ts';
import { comparisonOf } from '../measurements/compare.ts';
import type { Measurements } from '../measurements/contract.ts';
import { renderHtml } from '../measurements/html.ts';
import { renderMarkdown } from '../measurements/markdown.ts';
import { SMOKE_CHART_IDS } from '../report/charts/chart.ts';
import { renderSvg } from './render-chart.ts';
import { lackingWords, renderPng } from './render-png.ts';
import { replace, type Wanted } from './write-report.ts';

export interface WrittenMeasurements {
  /** Paths of all files written, in the order of writing. */
  readonly files: string[];
  /** Path of smoke.html. */
  readonly html: string;
  /** Characters that the PNG charts show as boxes; undefined: none, or no PNG was asked for. */
  readonly notice: string | undefined;
}

export async function writeMeasurements(
  found: Measurements,
  outDir: string,
  { png = false }: Wanted = {},
): Promise<WrittenMeasurements> {
  const { texts, notice } = await render(found, png);
  const stale = SMOKE_CHART_IDS.flatMap((id) => [`charts/${id}.svg`, `charts/${id}.png`]).filter(
    (name) => !texts.has(name),
  );
  try {
    await replace(outDir, texts, stale);
  } catch (error) {
    throw inputError('OUT_NOT_WRITABLE', outDir, `the measurements can't be written here: ${(error as Error).message}`);
  }
  return { files: [...texts.keys()].map((name) => join(outDir, name)), html: join(outDir, 'smoke.html'), notice };
}

async function render(found: Measurements, png: boolean) {
  const comparison = comparisonOf(found);
  const texts = new Map<string, string | Uint8Array>();
  const drawn = [];
  for (const spec of charts(comparison, found.simulated)) {
    const { id } = spec.usermeta;
    const svg = await renderSvg(spec);
    drawn.push({ id, title: spec.title.text, svg });
    texts.set(`charts/${id}.svg`, `${svg}\n`);
    if (png) texts.set(`charts/${id}.png`, await renderPng(svg));
  }
  texts.set('smoke.md', renderMarkdown(found, comparison));
  texts.set('smoke.html', renderHtml(found, comparison, drawn));
  texts.set('measurements.json', `${JSON.stringify(found, null, 2)}\n`);
  return { texts, notice: png ? lackingWords(drawn) : undefined };
}
