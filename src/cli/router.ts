/** `tollgate router FILE`: runs the reference router until a signal ends it, or says whether it could. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Reading } from '../router/read-config.ts';

interface Flags {
  readonly port?: number;
  readonly allowMissingKeys?: true;
  readonly prices?: string;
  readonly strategy?: string;
  readonly check?: true;
}

export function addRouterCommand(program: Command): void {
  program
    .command('router')
    .description('run an OpenAI-compatible router with the policies of a scenario, and log what it served as a trace')
    .argument('<file>', 'configuration, router.yaml; or a scenario with a `router` block')
    .option('--strategy <name>', 'of a scenario: whose routing is run, as its `replay` has it')
    .option('--check', 'say what is wrong, or what the file means, and end; listens nowhere')
    .option('--port <number>', 'port to listen on, 0 for any that is free (default: that of the file)', portOf)
    .option('--allow-missing-keys', 'start although a key is missing; the routes of its seller are then out of use')
    .option('--prices <dir>', "folder of a price book (default: the project's own)")
    .action(run);
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a number from 0 to 65535');
}

async function run(file: string, { port, allowMissingKeys, prices, strategy, check }: Flags): Promise<void> {
  const [{ readPriceBook }, { runRouter }] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('../router/lifecycle.ts'),
  ]);
  if (check === true) {
    await checkOnly(file, { allowMissingKeys: allowMissingKeys === true, strategy }, prices);
    return;
  }
  // Whoever read what it tells may be gone; the router is not.
  process.stderr.on('error', () => undefined);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  await runRouter({
    file,
    strategy,
    readBook: () => readPriceBook(prices),
    env: process.env,
    allowMissingKeys: allowMissingKeys === true,
    port,
    say,
  });
}

async function checkOnly(file: string, reading: Reading, prices: string | undefined): Promise<void> {
  const [{ readPriceBook }, { readConfig }, { checkedRouter }] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('../router/read-config.ts'),
    import('../router/check.ts'),
  ]);
  const read = await readConfig(file, process.env, reading);
  for (const line of checkedRouter(read, await readPriceBook(prices), Date.now())) process.stdout.write(`${line}\n`);
}
