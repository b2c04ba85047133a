/**
 * A folder in which the commands of a document are typed, one after the other, as somebody would who has a clone: `npx tollgate` is this
 * build. What does not end by itself (router, stand-in, serve) is started, waited for until it says where it listens, and ended at the
 * end. Nothing leaves the loopback.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from './documents.ts';
import { openRouterExport, ownLog } from './own-files.ts';

const LONG = /^npx tollgate (stand-in|serve|router(?!.* --check))/;
const READY = /listens on|at http:\/\/|http:\/\/127\.0\.0\.1/;
const MAIN = join(ROOT, 'dist/cli/main.js');

export interface Said {
  readonly code: number;
  readonly out: string;
}

export class Shell {
  readonly folder = mkdtempSync(join(tmpdir(), 'docs-'));
  readonly #running: ChildProcess[] = [];
  readonly #env: Record<string, string | undefined>;

  constructor() {
    const bin = join(this.folder, 'bin');
    mkdirSync(bin);
    const shim = (name: string, script: string): void => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    };
    shim('npx', `shift; exec '${process.execPath}' '${MAIN}' "$@"`);
    cpSync(join(ROOT, 'scenarios'), join(this.folder, 'scenarios'), { recursive: true });
    const trace = readFileSync(join(ROOT, 'scenarios/traces/support-week.csv'), 'utf8');
    const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(this.folder, name), content);
    // What documents call one's own: a trace, an export, a log with columns of its own, scenarios.
    write('my-requests.csv', trace);
    write('my-export.csv', openRouterExport());
    mkdirSync(join(this.folder, 'exports'));
    write('exports/november.csv.gz', gzipSync(trace));
    write('my-log.csv', ownLog());
    const scenario = readFileSync(join(ROOT, 'scenarios/support-chatbot.yaml'), 'utf8');
    write('scenarios/my.yaml', scenario);
    const low = readFileSync(join(ROOT, 'scenarios/single-model-low-volume.yaml'), 'utf8');
    write('before.yaml', low);
    write('after.yaml', low.replace('91 USD/hour', '120 USD/hour'));
    this.#env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: '1', FORCE_COLOR: undefined };
  }

  write(name: string, text: string): void {
    mkdirSync(join(this.folder, name, '..'), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  async run(command: string): Promise<Said> {
    const set = /^export (.*)$/.exec(command);
    if (set !== null) {
      for (const pair of set[1]!.split(' ')) this.#env[pair.split('=')[0]!] = 'set-by-a-test';
      return { code: 0, out: '' };
    }
    if (LONG.test(command)) return this.#start(command);
    const child = spawn('bash', ['-c', command], {
      cwd: this.folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out = heard(child);
    const [code] = (await once(child, 'close')) as [number];
    return { code, out: out() };
  }

  async #start(command: string): Promise<Said> {
    const child = spawn('bash', ['-c', `exec ${command.replace(/^npx tollgate/, `'${process.execPath}' '${MAIN}'`)}`], {
      cwd: this.folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.push(child);
    const out = heard(child);
    const ready = new Promise<number>((done) => {
      const look = (): void => {
        if (READY.test(out())) done(0);
      };
      child.stdout!.on('data', look);
      child.stderr!.on('data', look);
      child.once('close', (code) => done(code ?? 1));
    });
    return { code: await ready, out: out() };
  }

  async end(): Promise<void> {
    for (const child of this.#running) {
      if (child.exitCode !== null) continue;
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function heard(child: ChildProcess): () => string {
  let out = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (text) => (out += text));
  return () => out;
}
