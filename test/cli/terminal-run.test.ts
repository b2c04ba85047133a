/** What `tollgate run` prints, as a process: on terminals of several widths and character sets. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { widthOf } from '../../src/report/display-width.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MAIN = path.join(ROOT, 'dist/cli/main.js');
let folder: string;

beforeAll(() => {
  if (!existsSync(MAIN)) throw new Error('dist/ is missing: run npm test, or npm run build before');
  folder = mkdtempSync(path.join(tmpdir(), 'tollgate-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function printed(environment: Readonly<Record<string, string>>): string[] {
  const { status, stdout } = spawnSync(
    process.execPath,
    [MAIN, 'run', path.join(ROOT, 'scenarios/single-model-low-volume.yaml'), '--out', 'mine', '--draws', '0'],
    { cwd: folder, encoding: 'utf8', timeout: 60_000, env: { ...process.env, ...environment } },
  );
  expect(status).toBe(0);
  return stdout.trimEnd().split('\n');
}

describe('tollgate run', () => {
  it('prints one screen of the width, and ends with how to open the page and where it is', () => {
    const lines = printed({ COLUMNS: '70', LC_ALL: 'C.UTF-8', TERM: 'xterm' });
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(70);
    expect(lines.slice(-2)).toEqual([
      'Open it in a browser: npx tollgate open mine',
      `Report: ${path.join('mine', 'report.html')}`,
    ]);
    expect(lines.some((line) => line.startsWith('▸ direct'))).toBe(true);
  });

  it.each([
    ['C', 'xterm'],
    ['C.UTF-8', 'dumb'],
  ])('draws in ASCII with the locale %s and TERM=%s', (LC_ALL, TERM) => {
    const text = printed({ LC_ALL, TERM }).join('\n');
    expect(text).toMatch(/^> direct .* #+/m);
    expect(text).not.toMatch(/[\u2010-\u27ff]/u);
  });
});
