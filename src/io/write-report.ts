/**
 * Writes a report's files: JSON, Markdown, HTML, line items, FOCUS rows, charts with their specs, on demand as PNG too.
 *
 * Everything is rendered before the first byte is written. Files are written under a temporary name beside their place and
 * then renamed, report.json last, so that nobody sees half a file. Charts that this report does not draw are removed if an
 * earlier run left them; other files in the directory are left alone.
 */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inputError } from '../errors.ts';
import { attributionCsv } from '../report/attribution-csv.ts';
import { CHART_IDS } from '../report/charts/chart.ts';
import { charts } from '../report/charts/charts.ts';
import type { Report } from '../report/contract.ts';
import { lineItemsCsv } from '../report/csv.ts';
import { focusCsv } from '../report/focus/focus-csv.ts';
import type { LivePart } from '../report/html/what-if.ts';
import { renderHtml } from '../report/html.ts';
import { renderJson } from '../report/json.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { renderSvg } from './render-chart.ts';
import { lackingWords, renderPng } from './render-png.ts';

/** A file beside the report's own; `text: null` removes the one that an earlier run wrote. */
export interface ExtraFile {
  readonly name: string;
  readonly text: string | null;
}

export interface WrittenReport {
  /** Path of report.html. */
  readonly html: string;
  /** Paths of all files written, in the order of writing. */
  readonly files: string[];
  /** What a reader of the PNGs has to know: characters that their font lacks. */
  readonly notice?: string | undefined;
}

export interface Wanted {
  /** Charts as PNG beside the SVG. */
  readonly png?: boolean;
  /** What makes report.html live. */
  readonly live?: LivePart | undefined;
}

export async function writeReport(
  report: Report,
  outDir: string,
  extraFiles: readonly ExtraFile[] = [],
  wanted: Wanted = {},
): Promise<WrittenReport> {
  for (const { name } of extraFiles)
    if (name !== basename(name) || name === '' || name === '..') throw new Error(`not a plain file name: "${name}"`);
  const { texts, notice } = await render(report, wanted);
  for (const { name, text } of extraFiles) if (text !== null) texts.set(name, text);
  texts.set('report.json', renderJson(report));
  const stale = [
    ...CHART_IDS.flatMap((id) => [`charts/${id}.svg`, `charts/${id}.png`, `charts/${id}.vl.json`]),
    ...extraFiles.map(({ name }) => name),
  ].filter((name) => !texts.has(name));
  try {
    await replace(outDir, texts, stale);
  } catch (error) {
    throw inputError('OUT_NOT_WRITABLE', outDir, `the report can't be written here: ${(error as Error).message}`);
  }
  return { html: join(outDir, 'report.html'), files: [...texts.keys()].map((name) => join(outDir, name)), notice };
}

/** All but report.json, by file name. */
async function render(
  report: Report,
  { png = false, live }: Wanted,
): Promise<{ texts: Map<string, string | Uint8Array>; notice: string | undefined }> {
  const texts = new Map<string, string | Uint8Array>();
  const drawn = [];
  for (const spec of charts(report)) {
    const { id } = spec.usermeta;
    const svg = await renderSvg(spec);
    drawn.push({ id, title: spec.title.text, svg });
    texts.set(`charts/${id}.svg`, `${svg}\n`);
    if (png) texts.set(`charts/${id}.png`, await renderPng(svg));
    texts.set(`charts/${id}.vl.json`, `${JSON.stringify(spec, null, 2)}\n`);
  }
  texts.set('line-items.csv', lineItemsCsv(report));
  texts.set('focus.csv', focusCsv(report));
  texts.set('attribution.csv', attributionCsv(report));
  texts.set('report.md', renderMarkdown(report));
  texts.set('report.html', renderHtml(report, drawn, live));
  return { texts, notice: png ? lackingWords(drawn) : undefined };
}

export async function replace(
  outDir: string,
  texts: ReadonlyMap<string, string | Uint8Array>,
  stale: readonly string[],
): Promise<void> {
  await makeFolder(join(outDir, 'charts'));
  const staging = await mkdtemp(join(outDir, '.tollgate-'));
  const leave = (signal: NodeJS.Signals): void => {
    for (const one of INTERRUPTS) process.off(one, leave);
    rmSync(staging, { recursive: true, force: true });
    process.kill(process.pid, signal);
  };
  for (const one of INTERRUPTS) process.on(one, leave);
  try {
    await mkdir(join(staging, 'charts'));
    for (const [name, text] of texts) await writeFile(join(staging, name), text);
    for (const name of texts.keys()) await rename(join(staging, name), join(outDir, name));
    for (const name of stale) await rm(join(outDir, name), { force: true });
  } finally {
    for (const one of INTERRUPTS) process.off(one, leave);
    await rm(staging, { recursive: true, force: true });
  }
}

/** Whoever stops the program in the middle of this finds nothing of it. */
const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const;

/** Makes a folder and those above it. Node's recursive mkdir never returns where the file system refuses, as /proc does. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}
