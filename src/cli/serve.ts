/** `tollgate serve [folder]`: an index of reports for a browser on this machine, with a comparison, until a signal ends it. */
import { type Command, InvalidArgumentError } from 'commander';

const REPORTS = 'reports';
const PORT = 4680;

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('list reports in a browser on this machine, search them, compare two or three')
    .argument('[folder]', 'that holds reports', REPORTS)
    .option('--port <number>', 'port to listen on, 0 for any that is free', portOf, PORT)
    .action(serve);
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a number from 0 to 65535');
}

async function serve(folder: string, { port }: { readonly port: number }): Promise<void> {
  const { serveReports } = await import('../reports-server/serve-reports.ts');
  // Whoever read what it tells may be gone; the pages are not.
  process.stderr.on('error', () => undefined);
  await serveReports(folder, port, {
    out: (line) => void process.stdout.write(`${line}\n`),
    trouble: (line) => void process.stderr.write(`${line}\n`),
  });
}
