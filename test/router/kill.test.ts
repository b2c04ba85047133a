/**
 * A router whose process is killed under load: its log holds what had been written, whole lines, and is taken up again. The
 * process is the built program, as people run it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTrace } from '../../src/io/read-trace.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { ANSWER, ask, CHAT, type TestRouter } from './setting.ts';
import { after, json, pause, TestUpstream } from './upstream.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MAIN = process.env.TOLLGATE_MAIN ?? path.join(ROOT, 'dist/cli/main.js');
const FLUSH_MS = 100;
/** A machine that is busy flushes late. */
const LATE_MS = 1500;

let upstream: TestUpstream;
let dir: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  upstream = await new TestUpstream().listen();
  upstream.script(after(2, json(ANSWER)));
  dir = await mkdtemp(path.join(tmpdir(), 'router-'));
  const config = {
    routes: { a: { seller: 'openai', model: 'gpt-4o' } },
    routing: { policy: 'a' },
    upstreams: { openai: { base_url: upstream.base_url } },
    log: { dir: 'log', flush: `${FLUSH_MS} ms`, rotate_bytes: 30_000 },
  };
  await writeFile(path.join(dir, 'router.yaml'), JSON.stringify(config));
});

afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await upstream.close();
  await rm(dir, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly router: Pick<TestRouter, 'url'>;
}

/** Reads no further than it has to: a router whose words nobody takes goes on all the same. */
async function start(): Promise<Running> {
  const child = spawn(process.execPath, [MAIN, 'router', 'router.yaml', '--port', '0'], {
    cwd: dir,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let said = '';
  for await (const bytes of child.stderr!) {
    said += String(bytes);
    const [, url] = /listening on (http:\S+)/.exec(said) ?? [];
    if (url !== undefined) return { child, router: { url } };
  }
  throw new Error(`the router did not start: ${said}`);
}

/** Asks side by side until the process is gone, and notes when each request was answered. */
async function load({ router, child }: Running, answered: Map<string, number>): Promise<void> {
  const lane = async (): Promise<void> => {
    while (child.exitCode === null && child.signalCode === null) {
      const answer = await ask(router as TestRouter, CHAT).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.status === 200 && answer.end === 'whole')
        answered.set(String(answer.headers['x-tollgate-request']), performance.now());
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

const files = async (): Promise<string[]> => {
  const names = await readdir(path.join(dir, 'log'));
  return names
    .filter((name) => /^usage-\d+\.csv$/.test(name))
    .sort()
    .map((name) => path.join(dir, 'log', name));
};

/** Whole lines without headers, by file; and what the reader of traces makes of the files as they are. */
async function logged() {
  const lines: string[] = [];
  const requests: TraceRequest[] = [];
  for (const file of await files()) {
    const text = await readFile(file, 'utf8');
    const [header, ...rest] = text.slice(0, text.lastIndexOf('\n')).split('\n');
    expect(header).toMatch(/^time,/);
    lines.push(...rest);
    if (rest.length > 0) await readTrace(file, (request) => void requests.push({ ...request }));
  }
  return { lines, requests };
}

const idIn = (line: string): string => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(line)![0];

describe('a process that is killed under load', () => {
  test('leaves what was flushed, in whole lines, and is taken up behind it; files are rotated', async () => {
    const first = await start();
    const answered = new Map<string, number>();
    const loading = load(first, answered);
    while (answered.size < 300) await pause(20);
    await pause(LATE_MS);
    first.child.kill('SIGKILL');
    const killed_ms = performance.now();
    await loading;
    expect(first.child.signalCode ?? (await once(first.child, 'exit'))[1]).toBe('SIGKILL');

    const { lines, requests } = await logged();
    const ids = lines.map(idIn);
    expect(new Set(ids).size).toBe(ids.length);
    expect(requests.length).toBe(lines.length);
    expect(requests.every(({ input_tokens, output_tokens }) => input_tokens === 1000 && output_tokens === 200)).toBe(
      true,
    );
    const known = new Set(ids);
    const lost = [...answered].filter(([id]) => !known.has(id)).map(([, at_ms]) => killed_ms - at_ms);
    for (const before_ms of lost) expect(before_ms).toBeLessThan(FLUSH_MS + LATE_MS);
    expect(answered.size - lost.length).toBeGreaterThan(200);

    const before = await files();
    expect(before.length).toBeGreaterThan(1);
    const second = await start();
    const again: string[] = [];
    for (let i = 0; i < 100; i++) {
      const { headers } = await ask(second.router as TestRouter, CHAT);
      again.push(String(headers['x-tollgate-request']));
    }
    second.child.kill('SIGTERM');
    expect((await once(second.child, 'exit'))[0]).toBe(0);
    const all = await logged();
    expect(all.lines.slice(0, lines.length)).toEqual(lines);
    expect(all.lines.slice(lines.length).map(idIn)).toEqual(again);
    expect(all.requests.length).toBe(all.lines.length);
    expect((await files()).length).toBeGreaterThanOrEqual(before.length);
  });
});

describe('a line that was cut by the end of its process', () => {
  test('is never read as a request of less than it was', { timeout: 60_000 }, async () => {
    const running = await start();
    await ask(running.router as TestRouter, CHAT);
    await ask(running.router as TestRouter, { ...CHAT, user: 'last' });
    running.child.kill('SIGTERM');
    await once(running.child, 'exit');
    const [file] = await files();
    const bytes = await readFile(file!);
    const from = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
    const whole: TraceRequest[] = [];
    await readTrace(file!, (request) => void whole.push({ ...request }));
    expect(whole.length).toBe(2);
    for (let length = from + 1; length < bytes.length; length++) {
      await writeFile(file!, bytes.subarray(0, length));
      const found: TraceRequest[] = [];
      const { rejects } = await readTrace(file!, (request) => void found.push({ ...request }), {
        max_reject_fraction: 1,
      });
      const at = bytes.subarray(from, length).toString('utf8');
      expect(found[0], at).toEqual(whole[0]);
      if (found.length > 1) expect(found[1], at).toEqual(whole[1]);
      else expect(rejects.length, at).toBe(1);
    }
  });
});
