/**
 * A seller that does what a test tells it: answers in bytes and pauses, breaks connections at any point, and counts. Its
 * counters are the truth that no log of a router can give: calls, bodies, headers, chunks that left, clients that broke off.
 */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Record<string, unknown>;
  readonly at_ms: number;
}

/** Writes the answer; `seen` is the call. */
export type Behaviour = (response: ServerResponse, seen: SeenCall) => void | Promise<void>;

export class TestUpstream {
  readonly calls: SeenCall[] = [];
  /** Calls whose connection was closed before the answer was whole. */
  brokenOff = 0;
  chunks = 0;
  /** In turn; the last one holds for all further calls. */
  behaviours: Behaviour[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.keepAliveTimeout = 5000;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get base_url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Forgets what was counted and takes up a new script. */
  script(...behaviours: Behaviour[]): this {
    this.calls.length = 0;
    this.brokenOff = 0;
    this.chunks = 0;
    this.behaviours = behaviours;
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    response.on('error', () => undefined);
    response.on('close', () => {
      if (!response.writableFinished) this.brokenOff++;
    });
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      return;
    }
    const text = Buffer.concat(parts).toString('utf8');
    const { url: path = '', headers } = request;
    const seen = { path, headers, text, body: parsed(text), at_ms: Date.now() };
    this.calls.push(seen);
    const behaviour = this.behaviours[Math.min(this.calls.length, this.behaviours.length) - 1];
    await behaviour?.(response, seen);
  }

  /** Sends server-sent events in these chunks of bytes, as one answer. */
  events(chunks: readonly (string | Buffer | number)[], end: 'end' | 'cut' | 'stall' = 'end'): Behaviour {
    return async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      for (const chunk of chunks) {
        if (response.destroyed) return;
        if (typeof chunk === 'number') await pause(chunk);
        else {
          response.write(chunk);
          this.chunks++;
          await pause(0);
        }
      }
      if (end === 'end') response.end();
      else if (end === 'cut') response.socket?.end(() => response.socket?.destroy());
    };
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(text);
  };

export const html =
  (status: number): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end('<html>out of order</html>');
  };

/** Closes the connection before a byte of an answer. */
export const reset: Behaviour = (response) => {
  response.socket?.resetAndDestroy();
};

/** Takes the request and never answers. */
export const silent: Behaviour = () => undefined;

export const after =
  (ms: number, behaviour: Behaviour): Behaviour =>
  async (response, seen) => {
    await pause(ms);
    await behaviour(response, seen);
  };

/** Bodies that are no JSON, or no object, have no members. */
function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
