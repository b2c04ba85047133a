/** A client in bare sockets, which sends what no library would, and reads answers as they come. */
import { connect, type Socket } from 'node:net';
import type { TestRouter } from './setting.ts';

export interface Heard {
  readonly text: string;
  /** Answers on the connection, in order. */
  readonly statuses: readonly number[];
  /** The JSON of the last one. */
  readonly body: { readonly error?: { readonly [member: string]: unknown } } | undefined;
  readonly ms: number;
}

export type Sending = string | Buffer | ((socket: Socket) => Promise<void>);

/** Sends all parts, then listens until the router closes, or until it has been silent for a while. */
export async function speak({ port }: TestRouter, parts: readonly Sending[], silence_ms = 400): Promise<Heard> {
  const from = performance.now();
  const socket = connect(port, '127.0.0.1');
  const heard: Buffer[] = [];
  let last = performance.now();
  socket.on('error', () => undefined);
  socket.on('data', (part) => {
    heard.push(part);
    last = performance.now();
  });
  const closed = new Promise<void>((resolve) => void socket.on('close', () => resolve()));
  for (const part of parts) {
    if (socket.destroyed) break;
    if (typeof part === 'function') await part(socket);
    else socket.write(part);
  }
  const quiet = (async () => {
    for (last = performance.now(); heard.length === 0 || performance.now() - last < silence_ms; )
      await new Promise((resolve) => setTimeout(resolve, 20));
  })();
  await Promise.race([closed, quiet]);
  socket.destroy();
  const text = Buffer.concat(heard).toString('utf8');
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  return { text, statuses, body: jsonIn(text), ms: performance.now() - from };
}

function jsonIn(text: string): Heard['body'] {
  try {
    return JSON.parse(text.slice(text.lastIndexOf('\r\n\r\n') + 4));
  } catch {
    return undefined;
  }
}

/** A block, again and again, as fast as it is taken, until it was sent so often or the other end has closed. */
export const often =
  (block: string | Buffer, times: number) =>
  async (socket: Socket): Promise<void> => {
    for (let i = 0; i < times && !socket.destroyed && socket.writable; i++)
      if (!socket.write(block))
        await new Promise<void>((resolve) => {
          const go = (): void => {
            socket.off('drain', go).off('close', go).off('error', go);
            resolve();
          };
          socket.on('drain', go).on('close', go).on('error', go);
        });
  };

export const wait = (ms: number) => (): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The head of a request as lines, without the line that ends it. */
export const head = (line: string, ...lines: string[]): string => [line, 'host: x', ...lines].join('\r\n');
