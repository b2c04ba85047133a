/**
 * `tollgate stand-in`: a local upstream of declared behaviour, until a signal ends it, with a bill of all that it served. It
 * needs no key and is paid nothing; all that it says and writes says `simulated`.
 */
import { type Command, InvalidArgumentError } from 'commander';

interface Flags {
  readonly port: number;
  readonly seed: number;
  readonly bill?: string;
  readonly routerFile?: string;
}

const WRITES_MS = 500;

export function addStandInCommand(program: Command): void {
  program
    .command('stand-in')
    .description('run a local stand-in of sellers, without a key and without money, and write what it bills')
    .argument('[spec.yaml]', 'how quick it is, what it charges and breaks (default: nothing breaks)')
    .option('--port <number>', 'port to listen on, 0 for any that is free', portOf, 0)
    .option('--seed <number>', 'of its times, answers and faults', seedOf, 1)
    .option('--bill <file>', 'write what it bills, a line of JSON for each request')
    .option('--router-file <file>', 'write a router.yaml that puts `tollgate router` before it (default: print it)')
    .action(runStandIn);
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a number from 0 to 65535');
}

function seedOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 0 to 999999999');
}

async function runStandIn(file: string | undefined, { port, seed, bill, routerFile }: Flags): Promise<void> {
  const [{ readSpec }, { startStandIn }, { BillFile, openNew }, router, { inputError }] = await Promise.all([
    import('../smoke/stand-in/read-spec.ts'),
    import('../smoke/stand-in/start-stand-in.ts'),
    import('../smoke/stand-in/bill-lines.ts'),
    import('../smoke/stand-in/router-file.ts'),
    import('../errors.ts'),
  ]);
  const spec = await readSpec(file);
  const standIn = await startStandIn(spec, { seed, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    throw inputError('STAND_IN_PORT', `--port ${port}`, error.code === 'EACCES' ? 'is not allowed here' : 'is taken');
  });
  try {
    const written = bill === undefined ? undefined : await BillFile.open(bill, standIn.bill);
    const text = router.routerFile(standIn.origin);
    if (routerFile !== undefined) {
      const handle = await openNew(routerFile, 'STAND_IN_ROUTER_FILE', 'is there already');
      await handle.appendFile(text);
      await handle.close();
    }
    process.stdout.write(
      [
        `simulated: a stand-in listens on ${standIn.origin}; /direct/v1 and /gateway/v1 speak the APIs of OpenAI and Anthropic`,
        ...(routerFile === undefined
          ? ['', 'A router.yaml that puts `tollgate router` before it:', '', text]
          : [`simulated: ${routerFile} puts the router before it: tollgate router ${routerFile}`]),
        '',
      ].join('\n'),
    );
    await untilSignal(async () => written?.write());
    await standIn.close();
    await written?.close();
    const entries = standIn.bill();
    const nano_usd = entries.reduce((sum, one) => sum + one.nano_usd, 0);
    const where = bill === undefined ? '' : `; ${bill} has each`;
    process.stdout.write(
      `simulated: ${entries.length} ${entries.length === 1 ? 'request' : 'requests'} billed, ${nano_usd / 1e9} USD${where}\n`,
    );
  } catch (error) {
    await standIn.close();
    throw error;
  }
}

/** Writes meanwhile. */
async function untilSignal(write: () => Promise<void> | undefined): Promise<void> {
  let stop = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      stop = resolve;
      process.once('SIGINT', stop);
      process.once('SIGTERM', stop);
      timer = setInterval(() => void Promise.resolve(write()).catch(reject), WRITES_MS);
    });
  } finally {
    clearInterval(timer);
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
