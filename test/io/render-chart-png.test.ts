import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderSvg } from '../../src/io/render-chart.ts';
import { renderPng } from '../../src/io/render-png.ts';
import { writeReport } from '../../src/io/write-report.ts';
import { charts } from '../../src/report/charts/charts.ts';
import { report, unpricedReport } from '../report/fixture.ts';
import { uncertainReport } from '../report/uncertainty-fixture.ts';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

const sizeOf = (png: Buffer): [number, number] => [png.readUInt32BE(16), png.readUInt32BE(20)];

/** The bytes of all pixels, unpacked but not unfiltered. */
function pixelsOf(png: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return inflateSync(Buffer.concat(parts));
}

const text = (words: string, look = ''): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="30" viewBox="0 0 200 30"><rect width="200" height="30" fill="#fff"/><text x="5" y="20" font-family="'DejaVu Sans', Verdana, sans-serif" font-size="12" ${look}>${words}</text></svg>`;
const isSame = async (a: string, b: string): Promise<boolean> =>
  Buffer.from(await renderPng(a)).equals(Buffer.from(await renderPng(b)));

describe('a chart as PNG', () => {
  test('is a picture of twice the size, the same bytes each time, and not blank', async () => {
    for (const spec of charts(uncertainReport)) {
      const svg = await renderSvg(spec);
      const png = Buffer.from(await renderPng(svg));
      expect(png.subarray(0, 8)).toEqual(SIGNATURE);
      const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!.map(Number);
      expect(sizeOf(png)).toEqual([2 * width!, 2 * height!]);
      expect(Buffer.from(await renderPng(svg)).equals(png)).toBe(true);
      expect(new Set(pixelsOf(png)).size).toBeGreaterThan(50);
    }
  });

  test('sets texts, in both weights, and in the font of the package alone', async () => {
    expect(await isSame(text('cost'), text(''))).toBe(false);
    expect(await isSame(text('cost'), text('cost', 'font-weight="bold"'))).toBe(false);
    const another = text('cost').replace("'DejaVu Sans', Verdana, sans-serif", 'Noto Sans CJK, sans-serif');
    expect(await isSame(text('cost'), another)).toBe(true);
  });
});

describe('writing a report with PNG', () => {
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'render-chart-png-'));
  });
  afterAll(() => rm(root, { recursive: true }));
  const pictures = async (): Promise<string[]> =>
    (await readdir(join(root, 'charts'))).filter((name) => name.endsWith('.png')).sort();

  test('writes one beside each SVG', async () => {
    const { files } = await writeReport(report, root, [], { png: true });
    expect(await pictures()).toEqual([
      'composition.png',
      'cost-against-volume.png',
      'cumulative-cost.png',
      'ranking.png',
    ]);
    expect(files.filter((file) => file.endsWith('.png'))).toHaveLength(4);
    const png = await readFile(join(root, 'charts', 'ranking.png'));
    expect(png.subarray(0, 8)).toEqual(SIGNATURE);
  });

  test('a later run leaves none that shows another answer', async () => {
    await writeReport(report, root, [], { png: true });
    await writeReport(unpricedReport, root, [], { png: true });
    expect(await pictures()).toEqual([]);
    await writeReport(report, root, [], { png: true });
    await writeReport(report, root);
    expect(await pictures()).toEqual([]);
  });
});
