/**
 * A seller that answers in bytes: so many of them and then the connection breaks, by an end or by a reset. How many stands in
 * the header traceparent of the client's request, the one that the router hands on as it came.
 */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

export type Break = 'end' | 'reset';

export class CutUpstream {
  /** Requests that came in whole. */
  calls = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #answers: Readonly<Record<string, Buffer>>;

  /** @param answers whole HTTP answers by name */
  constructor(answers: Readonly<Record<string, Buffer>>) {
    this.#answers = answers;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get base_url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      for (;;) {
        const head = text.indexOf('\r\n\r\n');
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
        if (head < 0 || text.length < head + 4 + length) return;
        const [, name = '', most = '', how = ''] = /traceparent: (\S+) (\S+) (\S+)/i.exec(text) ?? [];
        text = text.slice(head + 4 + length);
        this.calls++;
        this.#answer(socket, this.#answers[name]!, Number(most), how as Break);
      }
    });
  }

  #answer(socket: Socket, bytes: Buffer, most: number, how: Break): void {
    const isWhole = most >= bytes.length;
    const closes = bytes.includes('connection: close');
    const end = (): void => {
      if (isWhole && !closes) return;
      // A reset may overtake what was written: it is sent once that has left.
      if (how === 'end' || isWhole) socket.end();
      else setImmediate(() => socket.resetAndDestroy());
    };
    if (most === 0) end();
    else socket.write(bytes.subarray(0, most), end);
  }
}

const CRLF = '\r\n';
const headed = (lines: readonly string[], body: string): Buffer =>
  Buffer.from([`HTTP/1.1 200 OK`, ...lines, '', body].join(CRLF));

export const withLength = (type: string, body: string): Buffer =>
  headed([`content-type: ${type}`, `content-length: ${Buffer.byteLength(body)}`], body);
/** Its end is the connection's. */
export const untilClosed = (type: string, body: string): Buffer =>
  headed([`content-type: ${type}`, 'connection: close'], body);
export const inChunks = (type: string, parts: readonly string[]): Buffer =>
  headed(
    [`content-type: ${type}`, 'transfer-encoding: chunked'],
    [...parts, ''].map((part) => `${Buffer.byteLength(part).toString(16)}${CRLF}${part}${CRLF}`).join(''),
  );
