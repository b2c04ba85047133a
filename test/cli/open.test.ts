/** `tollgate open` and `tollgate serve` as processes. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../reports-server/asking.ts';
import { emptyFolder, putReport, reportNamed } from '../reports-server/shelf-of-reports.ts';

const MAIN = path.resolve(import.meta.dirname, '../../dist/cli/main.js');
const PAGE = path.join('reports', 'chat & co', 'report.html');
let folder: string;
let programs: string;

beforeAll(() => {
  if (!existsSync(MAIN)) throw new Error('dist/ is missing: run npm test, or npm run build before');
  folder = emptyFolder();
  putReport(path.join(folder, 'reports'), 'chat & co', 1, reportNamed('Chat'));
  programs = path.join(folder, 'programs');
  mkdirSync(programs);
});

/** An opener that writes down what it was given. */
function opener(lines: string): void {
  const file = path.join(programs, 'xdg-open');
  writeFileSync(file, `#!/bin/sh\n${lines}\n`);
  chmodSync(file, 0o755);
}

const tollgate = (args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = folder) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: `${programs}:/usr/bin:/bin`, ...env },
  });
  return { status, stdout, stderr };
};

describe.skipIf(process.platform !== 'linux')('tollgate open', () => {
  it('gives the browser the address of the newest report as one argument, and prints its path', () => {
    opener('for one; do echo "$one"; done > "$TOLD"');
    const told = path.join(folder, 'told');
    expect(tollgate(['open'], { DISPLAY: ':9', TOLD: told })).toEqual({ status: 0, stdout: `${PAGE}\n`, stderr: '' });
    expect(readFileSync(told, 'utf8')).toBe(`${pathToFileURL(path.join(folder, PAGE)).href}\n`);
  });

  it('does not wait for a browser that stays open', () => {
    opener('exec sleep 30');
    const from = performance.now();
    expect(tollgate(['open'], { DISPLAY: ':9' }).status).toBe(0);
    expect(performance.now() - from).toBeLessThan(15_000);
  });

  it('says so where there is no display, no opener or no browser, and is fine all the same', () => {
    opener('exit 3');
    const said = (hindrance: string) => ({
      status: 0,
      stdout: `${PAGE}\n`,
      stderr: `${hindrance}; open the file above in a browser\n`,
    });
    expect(tollgate(['open'])).toEqual(said('there is no display here'));
    expect(tollgate(['open'], { DISPLAY: ':9' })).toEqual(said('no browser was found: xdg-open ended with 3'));
    expect(tollgate(['open'], { WAYLAND_DISPLAY: 'w', PATH: path.join(folder, 'reports') })).toEqual(
      said('no browser was found: xdg-open is missing'),
    );
  });

  it('prints the path alone with --print', () => {
    opener('exit 3');
    expect(tollgate(['open', 'chat', '--print'], { DISPLAY: ':9' })).toEqual({
      status: 0,
      stdout: `${PAGE}\n`,
      stderr: '',
    });
  });

  it('tells a newcomer what is missing', () => {
    expect(tollgate(['open'], {}, emptyFolder())).toEqual({
      status: 2,
      stdout: '',
      stderr: 'reports: there is no such folder; `tollgate run <scenario.yaml>` writes a report there\n',
    });
    expect(tollgate(['open', 'chatt'])).toMatchObject({
      status: 2,
      stderr: 'chatt: is no report under reports (did you mean "Chat"?)\n',
    });
  });
});

describe('tollgate serve', () => {
  const started = (
    args: readonly string[],
  ): { server: ChildProcess; said: Promise<string>; ended: Promise<unknown> } => {
    const server = spawn(process.execPath, [MAIN, 'serve', ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let heard = '';
    const said = new Promise<string>((resolve, reject) => {
      server.stdout!.on('data', (part) => {
        heard += part;
        if (/http:\S+\n/.test(heard)) resolve(heard);
      });
      server.on('exit', (code) => reject(new Error(`ended with ${code}: ${heard}`)));
    });
    const ended = new Promise((resolve) => server.on('exit', (code, signal) => resolve(code ?? signal)));
    return { server, said, ended };
  };

  it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM'] as const)(
    'lists reports until %s ends it, with exit code 0',
    async (signal) => {
      const { server, said, ended } = started(['--port', '0']);
      const text = await said;
      expect(text).toMatch(/^1 report of reports\nhttp:\/\/127\.0\.0\.1:\d+\/\n$/);
      const origin = /http:\/\/[\d.:]+/.exec(text)![0];
      expect((await ask(origin, '/')).body).toContain('<dd>chat &amp; co</dd>');
      server.kill(signal);
      expect(await ended).toBe(0);
    },
  );

  it('refuses what is no port, no folder, or a file', () => {
    expect(tollgate(['serve', '--port', '70000'])).toMatchObject({ status: 2 });
    expect(tollgate(['serve', 'nowhere'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'nowhere: there is no such folder; `tollgate run <scenario.yaml>` writes a report there\n',
    });
    expect(tollgate(['serve', PAGE]).stderr).toContain('is one report; `tollgate open');
  });
});
