/**
 * A request seen at three places: the bytes that the client got, what the router wrote down (ledger, usage log, /metrics), and
 * what the sellers counted. A trap is avoided where all three agree; a log by itself says what its router believes.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { RequestEntry } from '../../src/router/ledger.ts';
import type { RouterOptions } from '../../src/router/router.ts';
import { type Answer, KEY, ROUTES, sha256, startRouter, type TestRouter } from './setting.ts';
import { pause, TestUpstream } from './upstream.ts';

export type Labels = Readonly<Record<string, string>>;
export type LogRow = Readonly<Record<string, string | number | undefined>>;

export interface Views {
  /** Of the ask, or the first of several. */
  readonly client: Answer;
  readonly answers: readonly Answer[];
  readonly entry: RequestEntry;
  readonly entries: readonly RequestEntry[];
  /** Rows of the usage log, attempt by attempt. */
  readonly rows: readonly LogRow[];
  /** How far the samples of a metric that have these labels moved, together. */
  readonly moved: (metric: string, labels?: Labels) => number;
  /** Calls that alpha, beta and gamma counted. */
  readonly calls: readonly [number, number, number];
}

export interface WatchedRouter extends TestRouter {
  /** @param ended requests that will have ended with it */
  readonly see: (act: () => Promise<Answer | readonly Answer[]>, ended?: number) => Promise<Views>;
}

/** For tests in which somebody stalls. */
export const IMPATIENT = { timeouts: { connect: '700 ms', first_byte: '700 ms', idle: '700 ms', total: '4 s' } };

/** Three sellers, of which gamma is in no price book, and routers before them: alpha first, beta next. */
export class Stage {
  readonly alpha = new TestUpstream();
  readonly beta = new TestUpstream();
  readonly gamma = new TestUpstream();
  readonly opened: WatchedRouter[] = [];

  get sellers(): readonly TestUpstream[] {
    return [this.alpha, this.beta, this.gamma];
  }

  /** @param more in place of what a router here has by default */
  async open(routing: object = {}, more: object = {}, options: RouterOptions = {}): Promise<WatchedRouter> {
    const [alpha, beta, gamma] = this.sellers.map(({ base_url }) => ({ base_url }));
    const config = {
      routes: ROUTES,
      routing: { policy: { kind: 'fallback', to: ['b'] }, ...routing },
      upstreams: { alpha: { ...alpha, key_env: 'TEST_KEY' }, beta, gamma },
      clients: [{ name: 'web', key_sha256: sha256(KEY), team: 'shop' }],
      log: { dir: 'log', format: 'jsonl' },
      ...more,
    };
    const router = await startRouter(config, options);
    const watched = { ...router, see: (act: Act, ended = 1) => this.#see(router, act, ended) };
    this.opened.push(watched);
    return watched;
  }

  async #see(router: TestRouter, act: Act, ended: number): Promise<Views> {
    const calls = this.sellers.map((seller) => seller.calls.length);
    const from = router.entries.length;
    const before = await samplesOf(router);
    const answered = await act();
    await router.entry(from + ended);
    const answers = Array.isArray(answered) ? (answered as readonly Answer[]) : [answered as Answer];
    const entries = router.entries.slice(from);
    const ids = new Set<unknown>(entries.map(({ id }) => id));
    const [rows, after] = await Promise.all([logRows(router), samplesOf(router)]);
    return {
      client: answers[0]!,
      answers,
      entry: entries.at(-1)!,
      entries,
      rows: rows.filter(({ request }) => ids.has(request)),
      moved: (metric, labels = {}) => sumOf(after, metric, labels) - sumOf(before, metric, labels),
      calls: this.sellers.map((seller, i) => seller.calls.length - calls[i]!) as [number, number, number],
    };
  }
}

type Act = () => Promise<Answer | readonly Answer[]>;

/** A stage for the tests of a file. */
export function useStage(): Stage {
  const stage = new Stage();
  beforeAll(async () => void (await Promise.all(stage.sellers.map((seller) => seller.listen()))));
  beforeEach(() => stage.sellers.forEach((seller) => void seller.script()));
  afterEach(async () => {
    for (const { router, bugs } of stage.opened.splice(0)) {
      await router.close();
      expect(bugs).toEqual([]);
    }
  });
  afterAll(async () => void (await Promise.all(stage.sellers.map((seller) => seller.close()))));
  return stage;
}

export async function logRows({ router, dir }: TestRouter): Promise<LogRow[]> {
  await router.flush();
  const names = (await readdir(join(dir, 'log'))).filter((name) => name.startsWith('usage-')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(dir, 'log', name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).map((line) => JSON.parse(line));
}

type Samples = readonly { readonly name: string; readonly labels: string; readonly value: number }[];

async function samplesOf({ url }: TestRouter): Promise<Samples> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name, labels = '', value]) => ({
    name: name as string,
    labels,
    value: Number(value),
  }));
}

const sumOf = (samples: Samples, metric: string, labels: Labels): number =>
  samples
    .filter(({ name, labels: found }) => name === metric && has(found, labels))
    .reduce((sum, { value }) => sum + value, 0);

const has = (found: string, labels: Labels): boolean =>
  Object.entries(labels).every(([key, value]) => `,${found},`.includes(`,${key}="${value}",`));

/** Waits for what the other end of a connection is about to notice. */
export async function eventually(isSo: () => boolean, most_ms = 3000): Promise<void> {
  for (const until = Date.now() + most_ms; !isSo(); await pause(10))
    if (Date.now() > until) throw new Error(`it did not come about within ${most_ms} ms: ${isSo}`);
}
