/** Mixed traffic through the router before a stand-in, its log and the stand-in's bill as files, and `tollgate reconcile` on them. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { parse } from 'yaml';
import { addReconcileCommand } from '../../src/cli/reconcile.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import type { Reconciled } from '../../src/measurements/reconcile-contract.ts';
import { type Random, substream } from '../../src/random.ts';
import { lineOfBill } from '../../src/smoke/stand-in/bill-lines.ts';
import { routerFile } from '../../src/smoke/stand-in/router-file.ts';
import { type StandInInput, standInSpec } from '../../src/smoke/stand-in/spec.ts';
import { startStandIn } from '../../src/smoke/stand-in/start-stand-in.ts';
import { type AskOptions, ask, startRouter, type TestRouter } from '../router/setting.ts';

const SIDE_BY_SIDE = 24;
const TOOL = {
  type: 'function',
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};
const WORDS = 'please tell what of the weather in the north was seen on the last day and what of it is to come'.split(
  ' ',
);

export interface Mix {
  /** Clients that leave a stream at its first text; all ask the cheap model: how far an answer is when
   * the news reaches its maker is up to the machine, and each token of a dear one weighs in a short run. */
  readonly leave_fraction: number;
  readonly repeat_fraction: number;
  readonly timeouts?: object;
}

export interface Loop {
  readonly log: string;
  readonly bill: string;
  readonly router: TestRouter;
  readonly charges: number;
}

export async function loop(requests: number, spec: StandInInput, mix: Mix): Promise<Loop> {
  const standIn = await startStandIn(standInSpec.parse(spec), { seed: 3 });
  const config = parse(routerFile(standIn.origin)) as object;
  const routing = { ...(config as { routing: object }).routing, retries: { per_route: 1, base: '2 ms' } };
  const router = await startRouter(
    { ...config, routing, ...(mix.timeouts && { timeouts: mix.timeouts }) },
    { book: await readPriceBook() },
  );
  const random = substream(7, 'loop');
  let asked = 0;
  const lane = async (): Promise<void> => {
    while (asked++ < requests) await send(router, random, mix);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  await router.entry(requests);
  await router.router.close();
  await standIn.close();
  const bill = join(router.dir, 'bill.jsonl');
  await writeFile(bill, standIn.bill().map(lineOfBill).join(''));
  return { log: join(router.dir, 'stand-in-log'), bill, router, charges: standIn.bill().length };
}

export const logFiles = async (log: string): Promise<string[]> =>
  (await readdir(log)).filter((name) => name.startsWith('usage-')).map((name) => join(log, name));

function textOf(random: Random, mix: Mix): string {
  if (random.uniform() < mix.repeat_fraction) return `again and again, number ${random.integer(8)}`;
  const words = Array.from({ length: 20 + random.integer(400) }, () => WORDS[random.integer(WORDS.length)]);
  return `${random.integer(1e9)} ${words.join(' ')}`;
}

/** Six of ten chat, half of them streams; tools, Anthropic's messages, embeddings. */
async function send(router: TestRouter, random: Random, mix: Mix): Promise<void> {
  const leaves = random.uniform() < mix.leave_fraction;
  const kind = leaves ? 1 : random.uniform();
  const isStream = leaves || random.uniform() < 0.5;
  // An answer that is long enough to be left.
  const content = leaves ? `${textOf(random, mix)}, then count from 1 to 120` : textOf(random, mix);
  const messages = [{ role: 'user', content }];
  if (kind < 0.1) {
    await ask(router, { model: 'embed', input: [content, 'and one more'] }, { path: '/v1/embeddings' });
    return;
  }
  const options: AskOptions = leaves ? { leaveAt: (text) => text.includes('"content":"') } : {};
  if (kind < 0.25) {
    const system = [{ type: 'text', text: WORDS.join(' ').repeat(60), cache_control: { type: 'ephemeral' } }];
    const body = { model: 'haiku', max_tokens: 200, system, messages, stream: isStream };
    await ask(router, body, { ...options, path: '/v1/messages', headers: { 'anthropic-version': '2023-06-01' } });
    return;
  }
  const model = kind < 0.4 ? 'large' : 'assistant';
  const isTool = !leaves && random.uniform() < 0.2;
  await ask(router, { model, messages, stream: isStream, ...(isTool && { tools: [TOOL] }) }, options);
}

export type Printed = Reconciled & { readonly within: boolean; readonly simulated: boolean };

export async function reconcile(...args: string[]): Promise<string> {
  let printed = '';
  const write = process.stdout.write;
  process.stdout.write = ((text: string | Uint8Array) => {
    printed += String(text);
    return true;
  }) as typeof process.stdout.write;
  try {
    const program = new Command('tollgate').exitOverride().configureOutput({ writeErr: () => {} });
    addReconcileCommand(program);
    for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
    await program.parseAsync(['reconcile', ...args], { from: 'user' });
  } finally {
    process.stdout.write = write;
  }
  return printed;
}

export const reconciled = async (...args: string[]): Promise<Printed> =>
  JSON.parse(await reconcile(...args, '--json')) as Printed;
