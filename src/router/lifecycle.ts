/**
 * From the command line to the end: starts a router, takes up its file, the price book and the keys again on SIGHUP if all of
 * it is right, and on SIGTERM or SIGINT lets open answers end. A second signal ends at once. What it tells holds no key and no
 * prompt. Keys come from files too (`key_file`): the environment of a process that runs can't be changed from outside.
 */
import { InputError } from '../errors.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { wholeMs } from '../routing/exact.ts';
import type { RouterConfig } from './config.ts';
import { type Environment, readConfig } from './read-config.ts';
import { Router } from './router.ts';

export interface Start {
  readonly file: string;
  /** Of a scenario, which one is run. */
  readonly strategy?: string | undefined;
  /** Read at the start and again on SIGHUP. */
  readonly readBook: () => Promise<PriceBook>;
  readonly env: Environment;
  readonly allowMissingKeys: boolean;
  /** In place of the file's. */
  readonly port: number | undefined;
  readonly say: (line: string) => void;
}

/** Runs until a signal has ended it. */
export async function runRouter({ file, strategy, readBook, env, allowMissingKeys, port, say }: Start): Promise<void> {
  const readAll = () => Promise.all([readConfig(file, env, { allowMissingKeys, strategy }), readBook()]);
  const [read, book] = await readAll();
  const router = await Router.open(read, book, { onTrouble: (error) => say(`trouble: ${told(error)}`) });
  const { listen, routes } = read.config;
  const found = await router.listen(listen.host, port ?? listen.port);
  for (const seller of read.keyless) say(`${seller} has no key; its routes are out of use`);
  for (const [name, { tier }] of Object.entries(routes))
    if (tier === 'batch') say(`${name} is of the batch tier, whose answers nobody waits for; it is passed over`);
  const on = new Date().toISOString().slice(0, 10);
  const { prices } = router.parts;
  // Embeddings have no price of output and need none.
  const priced = { ...prices.routePrices(on), ...prices.inputPrices(on) };
  for (const name of Object.keys(routes))
    if (!(name in priced)) say(`${name} has no price; what it costs stays unknown`);
  for (const line of aboutBudgets(read.config, router.restored)) say(line);
  say(`listening on http://${listen.host}:${found}`);

  const reload = async (): Promise<void> => {
    try {
      const changes = router.reload(...(await readAll()));
      say(`${file} was taken up again; ${changes === '' ? 'nothing is another than before' : changes}`);
    } catch (error) {
      say(`${file} was not taken up, the configuration before it holds:\n${told(error)}`);
    }
  };
  let reloading = Promise.resolve();
  const onHangup = (): void => {
    reloading = reloading.then(reload);
  };
  process.on('SIGHUP', onHangup);
  let stop = (): void => undefined;
  await new Promise<void>((resolve, reject) => {
    let signals = 0;
    stop = (): void => {
      signals++;
      if (signals === 1) {
        say('no more requests are taken; open answers are waited for');
        router.drain(wholeMs(listen.drain)).then(resolve, reject);
      } else router.server.closeAllConnections();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
  process.off('SIGHUP', onHangup);
  process.off('SIGTERM', stop);
  process.off('SIGINT', stop);
}

function aboutBudgets({ routing, log }: RouterConfig, restored: readonly string[]): string[] {
  if (routing.budgets.length === 0) return [];
  if (log === undefined)
    return ['budgets begin at 0 at every start, since there is no log to keep what is spent beside'];
  return restored.length === 0 ? [] : [`what was spent before goes on to count: ${restored.join(', ')}`];
}

/** Findings line by line; of a bug its message and the places in our own code. */
function told(error: unknown): string {
  if (error instanceof InputError)
    return error.diagnostics.map(({ path, message }) => `${path}: ${message}`).join('\n');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
