import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { writeReport } from '../../src/io/write-report.ts';
import { report, unpricedReport } from '../report/fixture.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'write-report-'));
});
afterAll(() => rm(root, { recursive: true }));

const CHARTS = ['composition', 'cost-against-volume', 'cumulative-cost', 'ranking'];

describe('writing a report', () => {
  test('writes every format and every chart with its spec, and leaves no temporary file', async () => {
    const out = join(root, 'deep', 'full');
    const { html, files } = await writeReport(report, out);
    expect(html).toBe(join(out, 'report.html'));
    expect((await readdir(out)).sort()).toEqual([
      'attribution.csv',
      'charts',
      'focus.csv',
      'line-items.csv',
      'report.html',
      'report.json',
      'report.md',
    ]);
    expect((await readdir(join(out, 'charts'))).sort()).toEqual(CHARTS.flatMap((id) => [`${id}.svg`, `${id}.vl.json`]));
    expect(files).toHaveLength(14);
    for (const file of files) expect(await readFile(file, 'utf8')).toMatch(/\n$/);
    expect(await readFile(html, 'utf8')).toContain('<svg role="img" aria-labelledby="cumulative-cost-title');
  });

  test('the same report gives the same bytes', async () => {
    const first = await writeReport(report, join(root, 'one'));
    const second = await writeReport(report, join(root, 'two'));
    for (const [i, file] of first.files.entries())
      expect(await readFile(second.files[i]!)).toEqual(await readFile(file));
  });

  test('whoever stops it in the middle finds no temporary folder, and it is stopped', async () => {
    const out = join(root, 'stopped');
    const killed = vi.spyOn(process, 'kill').mockReturnValue(true);
    const before = new Set(process.listeners('SIGINT'));
    try {
      const writing = writeReport(report, out).catch(() => undefined);
      let leave: NodeJS.SignalsListener | undefined;
      while (leave === undefined) {
        await new Promise((resolve) => setImmediate(resolve));
        leave = process.listeners('SIGINT').find((one) => !before.has(one));
      }
      expect((await readdir(out)).some((name) => name.startsWith('.tollgate-'))).toBe(true);
      leave('SIGINT');
      expect(killed).toHaveBeenCalledWith(process.pid, 'SIGINT');
      await writing;
      expect((await readdir(out)).filter((name) => name !== 'charts')).toEqual([]);
      expect(process.listeners('SIGINT').filter((one) => !before.has(one))).toEqual([]);
    } finally {
      killed.mockRestore();
    }
  });

  test('replaces what an earlier run left, and nothing else', async () => {
    const out = join(root, 'again');
    await writeReport(report, out, [{ name: 'rejects.csv', text: 'line,reason\n' }]);
    await writeFile(join(out, 'mine.txt'), 'mine');
    await writeReport(unpricedReport, out, [{ name: 'rejects.csv', text: null }]);
    expect(await readdir(join(out, 'charts'))).toEqual([]);
    expect((await readdir(out)).sort()).toEqual([
      'attribution.csv',
      'charts',
      'focus.csv',
      'line-items.csv',
      'mine.txt',
      'report.html',
      'report.json',
      'report.md',
    ]);
  });

  test('a place that is a file is an error for people, naming it', async () => {
    const out = join(root, 'a-file');
    await writeFile(out, 'x');
    const error = await writeReport(report, out).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).diagnostics[0]).toMatchObject({ code: 'OUT_NOT_WRITABLE', path: out });
    expect(await readFile(out, 'utf8')).toBe('x');
  });

  test('a report that breaks the contract writes nothing', async () => {
    const out = join(root, 'broken');
    await expect(writeReport({ ...report, seed: 0.5 }, out)).rejects.toThrow();
    await expect(readdir(out)).rejects.toThrow();
  });

  test('an extra file stays inside the directory', async () => {
    for (const name of ['../x', 'a/b', '..', ''])
      await expect(writeReport(report, join(root, 'x'), [{ name, text: 'x' }])).rejects.toThrow(
        'not a plain file name',
      );
  });
});
