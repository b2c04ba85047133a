/**
 * One call to one seller: a pool of connections per seller, four clocks, and an abort that reaches the seller whenever the
 * client leaves. Gives status, headers and the body chunk by chunk; what an answer means is not its business.
 *
 *   connect      until a connection stands            first_byte   from sending to the first byte of the body
 *   idle         between two chunks                   total        of the whole attempt
 *
 * Connections that are idle are closed before the seller closes them. A request that hits the edge nevertheless, on a
 * connection that was used before and without a byte of an answer, is sent once more (nodejs/undici#3492); it carries an
 * idempotency key. Every other broken connection is a failure, which a policy may retry.
 */
import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { buildConnector, Pool } from 'undici';
import { wholeMs } from '../routing/exact.ts';
import type { FailureKind } from '../routing/outcome.ts';
import type { RouterConfig, Upstream } from './config.ts';

export interface Clocks {
  readonly first_byte_ms: number;
  readonly idle_ms: number;
  readonly total_ms: number;
}

export const createPools = ({ upstreams, timeouts }: RouterConfig): ReadonlyMap<string, Pool> =>
  new Map(
    Object.entries(upstreams).map(([seller, upstream]) => [seller, createPool(upstream, wholeMs(timeouts.connect))]),
  );

const createPool = ({ base_url, connections, keep_alive }: Upstream, timeout: number): Pool =>
  new Pool(new URL(base_url).origin, {
    connections: connections ?? null,
    connect: connector(timeout),
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: Math.max(1, wholeMs(keep_alive)),
    keepAliveMaxTimeout: Math.max(1, wholeMs(keep_alive)),
    pipelining: 1,
  });

/** Errors of connections that had answered before. */
const ofUsed = new WeakSet<object>();

function connector(timeout: number): buildConnector.connector {
  const connect = buildConnector({ timeout });
  return (options, callback) =>
    connect(options, (...made) => {
      const [, socket] = made;
      socket?.on('error', (error) => void (socket.bytesRead > 0 && ofUsed.add(error)));
      callback(...made);
    });
}

/** A call that brought no answer, or only a part of one. */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  readonly kind: FailureKind;
  /** Whether the seller may have got the request. */
  readonly wasSent: boolean;

  constructor(kind: FailureKind, wasSent: boolean, message: string) {
    super(message);
    this.kind = kind;
    this.wasSent = wasSent;
  }
}

export interface UpstreamRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const NEVER_SENT = { code: 'ECONNREFUSED' };

export class UpstreamCall {
  status = 0;
  headers: IncomingHttpHeaders = {};
  /** When the first byte of the body was there, milliseconds after the start. */
  first_byte_ms: number | undefined;
  /** Time spent waiting for the seller. */
  waited_ms = 0;
  /** When a kept connection turned out to be closed, after which the request was sent once more. */
  swallowed_ms: number | undefined;
  readonly #clocks: Clocks;
  readonly #gone: AbortSignal;
  /** Takes the place of an AbortSignal, at a fraction of its time. */
  readonly #abort = new EventEmitter();
  readonly #started = performance.now();
  readonly #total: NodeJS.Timeout;
  #timer: NodeJS.Timeout;
  #why: 'timeout' | 'cancelled' | undefined;
  #body: Readable | undefined;
  #chunks: AsyncIterator<Buffer> | undefined;

  constructor(clocks: Clocks, gone: AbortSignal) {
    this.#clocks = clocks;
    this.#gone = gone;
    this.#total = setTimeout(this.#onTimeout, clocks.total_ms);
    this.#timer = setTimeout(this.#onTimeout, clocks.first_byte_ms);
    if (gone.aborted) this.#onGone();
    else gone.addEventListener('abort', this.#onGone, { once: true });
  }

  async send(pool: Pool, { path, headers, body }: UpstreamRequest): Promise<void> {
    if (this.#why !== undefined) throw this.#failure(NEVER_SENT);
    const request = () => this.#waiting(pool.request({ method: 'POST', path, headers, body, signal: this.#abort }));
    try {
      const answer = await request().catch((error: object) => {
        if (this.#why !== undefined || !ofUsed.has(error)) throw error;
        this.swallowed_ms = this.elapsed_ms;
        return request();
      });
      this.status = answer.statusCode;
      this.headers = answer.headers;
      this.#body = decoded(answer.body, String(answer.headers['content-encoding'] ?? 'identity'));
      // Cut before it is read, it would have nobody to tell, and an error that nobody hears ends the process.
      this.#body.on('error', () => undefined);
      this.#chunks = this.#body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    } catch (error) {
      this.close();
      throw this.#failure(error);
    }
  }

  /** The next chunk; undefined where the body ended as it should. */
  async next(): Promise<Buffer | undefined> {
    if (this.#chunks === undefined) throw new Error('the call was not sent');
    if (this.first_byte_ms !== undefined) this.#timer = setTimeout(this.#onTimeout, this.#clocks.idle_ms);
    try {
      const { done, value } = await this.#waiting(this.#chunks.next());
      if (done === true) return undefined;
      this.first_byte_ms ??= performance.now() - this.#started;
      return value;
    } catch (error) {
      this.close();
      throw this.#failure(error);
    } finally {
      clearTimeout(this.#timer);
    }
  }

  /** The whole body, up to a limit. */
  async whole(most_bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let length = 0;
    for (let part = await this.next(); part !== undefined; part = await this.next()) {
      parts.push(part);
      length += part.length;
      if (length <= most_bytes) continue;
      this.close();
      throw new UpstreamFailure('server_error', true, `the answer is longer than ${most_bytes} bytes`);
    }
    this.close();
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  get elapsed_ms(): number {
    return performance.now() - this.#started;
  }

  /** Stops the clocks; a body that has not ended is cut, and with it the seller's work. */
  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#total);
    this.#gone.removeEventListener('abort', this.#onGone);
    if (this.#body !== undefined && !this.#body.readableEnded) this.#body.destroy();
  }

  readonly #onTimeout = (): void => this.#cut('timeout');
  readonly #onGone = (): void => this.#cut('cancelled');

  #cut(why: 'timeout' | 'cancelled'): void {
    this.#why ??= why;
    this.#abort.emit('abort');
    this.#body?.destroy();
  }

  async #waiting<T>(promise: Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await promise;
    } finally {
      this.waited_ms += performance.now() - from;
    }
  }

  #failure(error: unknown): UpstreamFailure {
    if (error instanceof UpstreamFailure) return error;
    const code = codeOf(error);
    const wasSent = !NOT_SENT.has(code);
    if (this.#why === 'timeout') return new UpstreamFailure('timeout', wasSent, 'the seller did not answer in time');
    if (this.#why === 'cancelled') return new UpstreamFailure('cancelled', wasSent, 'the client left');
    return new UpstreamFailure(
      'connection',
      wasSent,
      `the connection to the seller failed${code === '' ? '' : ` (${code})`}`,
    );
  }
}

/** The code alone: messages of sockets name hosts. */
function codeOf(error: unknown): string {
  const { code, errors } = error as { readonly code?: unknown; readonly errors?: readonly unknown[] };
  if (typeof code === 'string') return code;
  return errors?.[0] === undefined ? '' : codeOf(errors[0]);
}

/** Sellers that compress although they were asked not to. */
function decoded(body: Readable, encoding: string): Readable {
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'deflate'
        ? createInflate()
        : encoding === 'br'
          ? createBrotliDecompress()
          : undefined;
  if (decoder === undefined) return body;
  body.on('error', (error) => decoder.destroy(error));
  decoder.on('close', () => body.destroy());
  return body.pipe(decoder);
}
