/**
 * From the command line to the end: listens on this machine's own address alone, and ends on SIGINT or SIGTERM. A port that is
 * taken is said so, with the next one that is free.
 */
import { createServer, type Server } from 'node:net';
import { inputError } from '../errors.ts';
import { checkReportsFolder, findReports, NO_REPORT_YET } from './find-reports.ts';
import { createReportsServer } from './server.ts';

export const HOST = '127.0.0.1';
const NEXT_PORTS = 100;

export interface ReportsServer {
  readonly origin: string;
  /** Ends open connections too. */
  readonly close: () => Promise<void>;
}

export async function startReportsServer(
  folder: string,
  port: number,
  onBug: (error: unknown) => void,
): Promise<ReportsServer> {
  await checkReportsFolder(folder);
  const server = createReportsServer(folder, onBug);
  try {
    await listen(server, port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const free = await nextFree(port < 1024 ? 1024 : port + 1);
    const instead = free === undefined ? '' : `; ${free} is free: tollgate serve ${folder} --port ${free}`;
    throw inputError(
      'SERVE_PORT',
      `--port ${port}`,
      `${code === 'EACCES' ? 'is not allowed here' : 'is taken'}${instead}`,
    );
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server that listens has an address');
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { origin: `http://${HOST}:${address.port}`, close };
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });

async function nextFree(from: number): Promise<number | undefined> {
  for (let port = from; port < from + NEXT_PORTS && port <= 65_535; port++) {
    const server = createServer();
    const isFree = await listen(server, port).then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
  return undefined;
}

/** Runs until a signal has ended it. */
export async function serveReports(
  folder: string,
  port: number,
  say: { readonly out: (line: string) => void; readonly trouble: (line: string) => void },
): Promise<void> {
  const server = await startReportsServer(folder, port, (error) =>
    say.trouble(`trouble: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
  try {
    const { length } = await findReports(folder);
    if (length === 0) say.trouble(`${folder} ${NO_REPORT_YET}, and the page shows it when it is loaded again`);
    else say.out(`${length === 1 ? '1 report' : `${length} reports`} of ${folder}`);
    say.out(`${server.origin}/`);
    say.trouble('Ctrl-C ends it');
    await untilSignal();
  } finally {
    await server.close();
  }
}

async function untilSignal(): Promise<void> {
  let stop = (): void => undefined;
  try {
    await new Promise<void>((resolve) => {
      stop = resolve;
      process.once('SIGINT', stop);
      process.once('SIGTERM', stop);
    });
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
