/** `tollgate smoke` as people run it: a process, what it calls, its exit code, what it prints and what it leaves behind. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHECKS, type Measurements, measurements } from '../../src/measurements/contract.ts';
import { type Behaviour, silent, TestUpstream } from '../router/upstream.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MAIN = path.join(ROOT, 'dist/cli/main.js');
const KEY = 'sk-canary-7d1f0c55ab';
const ANSWER = 'canary-answer-93e1';
const upstream = new TestUpstream();
const dead = new TestUpstream();
let parent: string;
let folder: string;

beforeAll(async () => {
  if (!existsSync(MAIN)) throw new Error('dist/ is missing: run npm test, or npm run build before');
  parent = mkdtempSync(path.join(tmpdir(), 'tollgate-smoke-'));
  await Promise.all([upstream.listen(), dead.listen()]);
});
afterAll(async () => {
  await Promise.all([upstream.close(), dead.close()]);
  rmSync(parent, { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(path.join(parent, 'run-'));
  upstream.script(seller);
  dead.script(silent);
});
const children: (() => void)[] = [];
afterEach(() => {
  for (const end of children.splice(0)) end();
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly took_ms: number;
}

interface Running {
  readonly ended: Promise<Ended>;
  readonly signal: (name: NodeJS.Signals) => void;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = { CANARY_KEY: KEY }): Running {
  const from = performance.now();
  const child = spawn(process.execPath, [MAIN, 'smoke', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  children.push(() => void (child.exitCode === null && child.kill('SIGKILL')));
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (status) => resolve({ status, stdout, stderr, took_ms: performance.now() - from })),
  );
  return { ended, signal: (name) => void child.kill(name) };
}
const smoke = (...args: string[]): Promise<Ended> => start(args).ended;

interface Written {
  readonly targets: readonly object[];
  readonly [field: string]: unknown;
}
const own = (more: object = {}) => ({
  id: 'own',
  kind: 'direct',
  base_url: upstream.base_url,
  model: 'gpt-4o-mini',
  priced_as: 'openai/gpt-4o-mini',
  key_env: 'CANARY_KEY',
  timeout: '10 s',
  ...more,
});
/** JSON is YAML. */
function targets(value: Written = { targets: [own()] }): string {
  writeFileSync(path.join(folder, 'targets.yaml'), JSON.stringify(value, null, 2));
  return 'targets.yaml';
}
const filesIn = (dir: string): string[] =>
  existsSync(dir)
    ? readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile())
        .map((one) => path.join(one.parentPath, one.name))
    : [];
const kept = (out = 'reports/smoke'): Measurements =>
  measurements.parse(JSON.parse(readFileSync(path.join(folder, out, 'measurements.json'), 'utf8')));

/** A seller that answers soundly, and echoes the key and its answer wherever it can. */
const seller: Behaviour = async (response, { body, headers, text }) => {
  const given = String(headers.authorization ?? '').replace('Bearer ', '');
  const head = { 'x-request-id': `r-${given}`, 'x-tollgate-echo': given, server: given, via: given };
  const refuse = (status: number, code: string): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...head });
    const message = `You sent the key ${given.startsWith(KEY) ? given : KEY}: ${code}`;
    response.end(JSON.stringify({ error: { message, type: 'invalid_request_error', code, param: given } }));
  };
  if (given !== KEY) return refuse(401, 'invalid_api_key');
  if (!text.endsWith('}') || !Array.isArray(body.messages)) return refuse(400, 'bad_request');
  if (body.model !== 'gpt-4o-mini') return refuse(404, 'model_not_found');
  const usage = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 };
  const shared = { id: `c-${KEY}`, model: 'gpt-4o-mini', system_fingerprint: KEY, provider: { authorization: KEY } };
  const words = `${ANSWER} ${KEY}`;
  if (body.stream !== true) {
    response.writeHead(200, { 'content-type': 'application/json', ...head });
    const message = { role: 'assistant', content: words };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    response.end(JSON.stringify({ ...shared, model: `gpt-4o-mini-${KEY}`, choices, usage }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', ...head });
  const send = (choices: object[], more: object = {}): void =>
    void response.write(
      `data: ${JSON.stringify({ ...shared, object: 'chat.completion.chunk', choices, ...more })}\n\n`,
    );
  for (const content of [ANSWER, ` ${KEY}`, ' and more'])
    send([{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }]);
  send([{ index: 0, delta: {}, finish_reason: 'stop' }]);
  send([], { usage });
  response.end('data: [DONE]\n\n');
};

describe('tollgate smoke, before it calls', () => {
  it('--dry-run shows the plan and its cost, and calls nothing', async () => {
    const { status, stdout, stderr } = await smoke(targets(), '--dry-run');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toMatch(/│ own +│ +\d+ │ +\d+ │/);
    expect(stderr).toMatch(/All of it costs at most \$0\.0\d+, under the cap of \$0\.50\./);
    expect(upstream.calls).toHaveLength(0);
    expect(filesIn(path.join(folder, 'reports'))).toEqual([]);
  });

  it('without a key skips the target and names the variable, says what it would cost, and takes no earlier run’s place', async () => {
    mkdirSync(path.join(folder, 'reports/smoke'), { recursive: true });
    const earlier = path.join(folder, 'reports/smoke/measurements.json');
    writeFileSync(earlier, 'earlier');
    const { status, stdout, stderr } = await start([targets()], {}).ended;
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /Skipped own: the environment variable CANARY_KEY is not set; with it: \d+ calls, at most \$0\.0\d+/,
    );
    expect(stdout).toContain('own: skipped, the environment variable CANARY_KEY is not set');
    expect(stdout).toContain('Nothing was called, and no file was written.');
    expect(upstream.calls).toHaveLength(0);
    expect(readFileSync(earlier, 'utf8')).toBe('earlier');
  });

  it('tells all that is wrong with what was asked, with the nearest name', async () => {
    const typo = { targets: [own(), { ...own(), id: 'other', bas_url: 'http://127.0.0.1/v1' }] };
    const text = JSON.stringify(typo, null, 2);
    const line = 1 + text.slice(0, text.indexOf('"bas_url"')).split('\n').length;
    const asked: readonly (readonly [string[], RegExp])[] = [
      [[], /names no target; name some: --target openai\/gpt-4o-mini/],
      [['--stand-in', '--only', 'latncy'], /there is no check "latncy" \(did you mean "latency"\?\)/],
      [['--target', 'opnai/gpt-4o-mini'], /no seller or gateway is called "opnai" \(did you mean "openai/],
      [['openai/gpt-4o-mini'], /there is no such file; a target is named as --target openai\/gpt-4o-mini/],
      [['--stand-in', '--target', 'openai/gpt-4o-mini'], /--stand-in: stands in place of targets/],
      [['--stand-in', targets()], /--stand-in: stands in place of targets/],
      [['--stand-in', '--max-usd', '0'], /expected an amount in USD above 0/],
    ];
    const ended = await Promise.all(asked.map(([args]) => smoke(...args)));
    for (const [i, { status, stdout, stderr }] of ended.entries()) {
      expect({ status, stdout }, asked[i]![0].join(' ')).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(asked[i]![1]);
    }
    const { status, stderr } = await smoke(targets(typo));
    expect(status).toBe(2);
    expect(stderr).toMatch(
      new RegExp(`targets\\.yaml:(${line - 1}|${line}) .*"bas_url" \\(did you mean "base_url"\\?\\)`),
    );
    expect(upstream.calls).toHaveLength(0);
  });
});

describe('tollgate smoke, what it finds', () => {
  it('--only runs those checks, --json prints measurements alone, and all that is required passes', async () => {
    const { status, stdout, stderr } = await smoke(targets(), '--only', 'streaming, error_shape', '--json');
    const found = measurements.parse(JSON.parse(stdout));
    expect(
      found.findings.map(({ check, verdict }) => [check, verdict]),
      stderr,
    ).toEqual([
      ['reachable', 'pass'],
      ['streaming', 'pass'],
      ['error_shape', 'pass'],
    ]);
    expect(status).toBe(0);
    expect(found.simulated).toBe(false);
    expect(kept()).toEqual(found);
  });

  it('ends with 1 where a required check fails, and with 0 where another does', async () => {
    const args = ['--only', 'json_schema,cost_reported'];
    const fine = await smoke(targets({ targets: [own()] }), ...args);
    expect(fine.status, fine.stdout).toBe(0);
    expect(kept().findings.find(({ check }) => check === 'json_schema')?.verdict).toBe('fail');
    const strict = await smoke(targets({ targets: [own()], required: ['json_schema'] }), ...args);
    expect(strict.status).toBe(1);
    expect(strict.stdout).toContain('(required)');
  });

  it('a cap that is too small leaves a valid run that says so', async () => {
    const { status, stdout, stderr } = await smoke(targets(), '--max-usd', '0.0001', '--rounds', '2');
    expect(stderr).toContain('more than the cap of $0.0001: calls wait');
    const found = kept();
    expect(found.complete).toBe(false);
    expect(found.spent.at_most_usd).toBeLessThanOrEqual(0.0001);
    expect(found.findings.some(({ verdict, seen }) => verdict === 'not_run' && /does not fit/.test(seen))).toBe(true);
    expect(stdout).toContain('Not run');
    expect(status).toBe(
      found.findings.some(({ required, verdict }) => required && verdict !== 'pass' && verdict !== 'not_supported')
        ? 1
        : 0,
    );
    expect(filesIn(path.join(folder, 'reports/smoke')).map((file) => path.basename(file))).toEqual(
      expect.arrayContaining(['measurements.json', 'smoke.html', 'smoke.md']),
    );
  });

  it('a dead target among three costs one time-out, and the others are judged', async () => {
    const value = {
      targets: [own(), own({ id: 'gone', base_url: dead.base_url, timeout: '1 s' }), own({ id: 'other' })],
    };
    const { status, took_ms } = await smoke(targets(value), '--only', 'streaming,error_shape,tool_calls,latency');
    const { findings, complete } = kept();
    expect(status).toBe(1);
    expect(complete).toBe(true);
    expect(dead.calls).toHaveLength(1);
    expect(took_ms).toBeLessThan(30_000);
    const of = (id: string) => findings.filter(({ target }) => target === id).map(({ verdict }) => verdict);
    expect(of('gone')).toEqual(['fail', 'not_run', 'not_run', 'not_run', 'not_run']);
    for (const id of ['own', 'other']) expect(of(id).filter((one) => one === 'not_run')).toEqual([]);
  });
});

describe('tollgate smoke, interrupted', () => {
  const until = async (calls: number): Promise<void> => {
    for (let i = 0; upstream.calls.length < calls && i < 1500; i++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(upstream.calls.length).toBeGreaterThanOrEqual(calls);
  };

  it.each(['SIGINT', 'SIGTERM'] as const)('%s in the middle leaves a whole report of a partial run', async (name) => {
    upstream.script(seller, seller, seller, silent);
    const { ended, signal } = start([targets(), '--rounds', '6']);
    await until(4);
    signal(name);
    const { status, stdout, stderr, took_ms } = await ended;
    expect(status).toBe(1);
    expect(took_ms).toBeLessThan(30_000);
    expect(stderr).toContain('Interrupted');
    const found = kept();
    expect(found.complete).toBe(false);
    expect(found.evidence).toHaveLength(3);
    expect(found.findings.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(found.findings.at(-1)).toMatchObject({ verdict: 'not_run', seen: 'interrupted' });
    expect(new Set(found.findings.map(({ check }) => check)).size).toBeGreaterThan(15);
    expect(stdout).toContain('Page: reports/smoke/smoke.html');
    for (const file of ['smoke.html', 'smoke.md'])
      expect(readFileSync(path.join(folder, 'reports/smoke', file), 'utf8').length).toBeGreaterThan(500);
  });

  it('does not wait out a pause that a target asked for', async () => {
    upstream.script((response) => {
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '19' });
      response.end('{"error":{"message":"slow down","type":"requests","code":"rate_limit_exceeded"}}');
    });
    const { ended, signal } = start([targets(), '--json']);
    await until(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    signal('SIGINT');
    const { status, stdout, took_ms } = await ended;
    expect(status).toBe(1);
    expect(took_ms).toBeLessThan(15_000);
    const found = measurements.parse(JSON.parse(stdout));
    expect(found.complete).toBe(false);
    expect(found.findings.find(({ check }) => check === 'reachable')).toMatchObject({ verdict: 'not_run' });
  });
});

describe('what a target echoes', () => {
  it('neither key nor prompt nor answer is written or printed', async () => {
    const { stdout, stderr } = await smoke(targets(), '--rounds', '2', '--only', CHECKS.join(','));
    const [bad, json] = await Promise.all([
      start([targets(), '--out', 'reports/bad'], { CANARY_KEY: `${KEY}-wrong` }).ended,
      smoke(targets(), '--json', '--out', 'reports/json', '--only', 'error_shape,model_snapshot,request_id'),
    ]);
    const prompts = upstream.calls.flatMap(({ body }) =>
      (Array.isArray(body.messages) ? body.messages : []).map((one: { content?: unknown }) => String(one.content)),
    );
    expect(prompts.length).toBeGreaterThan(20);
    const texts = new Map([
      ...filesIn(path.join(folder, 'reports')).map((file) => [file, readFileSync(file, 'utf8')] as const),
      ...[stdout, stderr, bad.stdout, bad.stderr, json.stdout, json.stderr].map(
        (text, i) => [`output ${i}`, text] as const,
      ),
    ]);
    expect(texts.size).toBeGreaterThan(8);

    for (const [name, text] of texts)
      for (const canary of [KEY, ANSWER, ...new Set(prompts)])
        expect(text.includes(canary) ? `${name}: ${canary}` : '').toBe('');
  });
});

it('a simulated run has a folder of its own', async () => {
  const { status, stdout } = await smoke('--stand-in', '--only', 'streaming');
  expect(status).toBe(0);
  expect(stdout).toContain('SIMULATED');
  expect(kept('reports/smoke-stand-in').simulated).toBe(true);
  expect(existsSync(path.join(folder, 'reports/smoke'))).toBe(false);
});

it('targets.schema.json is what the contract gives (node scripts/write-schemas.mjs)', async () => {
  const [{ jsonSchemaOf }, { targetsFile }] = await Promise.all([
    import('../../src/scenario/json-schema.ts'),
    import('../../src/smoke/targets-file.ts'),
  ]);
  const text = readFileSync(path.join(ROOT, 'targets.schema.json'), 'utf8');
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(jsonSchemaOf('Tollgate smoke targets', targetsFile))));
});
