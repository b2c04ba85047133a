/** `tollgate router FILE`: runs the reference router until a signal ends it. */
import { type Command, InvalidArgumentError } from 'commander';

interface Flags {
  readonly port?: number;
  readonly allowMissingKeys?: true;
  readonly prices?: string;
}

export function addRouterCommand(program: Command): void {
  program
    .command('router')
    .description('run an OpenAI-compatible router with the policies of a scenario, and log what it served as a trace')
    .argument('<file>', 'configuration, router.yaml')
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

async function run(file: string, { port, allowMissingKeys, prices }: Flags): Promise<void> {
  const [{ readPriceBook }, { runRouter }] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('../router/lifecycle.ts'),
  ]);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  await runRouter({
    file,
    readBook: () => readPriceBook(prices),
    env: process.env,
    allowMissingKeys: allowMissingKeys === true,
    port,
    say,
  });
}
