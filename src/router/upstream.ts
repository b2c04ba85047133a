/**
 * One call to one seller: four clocks, and an abort that reaches the seller whenever the client leaves. Gives status, headers
 * and the body as it comes, no faster than it is taken; what an answer means is not its business.
 *
 *   connect      until a connection stands            first_byte   from sending to the first byte of the body
 *   idle         between two chunks                   total        of the whole attempt
 *
 * A request on a connection that had answered before and breaks at once, without a byte of an answer, is sent once more
 * (nodejs/undici#3492); it carries an idempotency key. Every other broken connection is a failure, which a policy may retry.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Transform } from 'node:stream';
import type { Dispatcher, Pool } from 'undici';
import { CallClock } from './call-clock.ts';
import { decoderOf } from './content-decoding.ts';
import type { Departure } from './departure.ts';
import { HeldBytes } from './held-bytes.ts';
import { brokeWhenUsed, unkeptConnections } from './seller-pools.ts';
import { connectionFailure, UpstreamFailure } from './upstream-failure.ts';

export { UpstreamFailure } from './upstream-failure.ts';

export interface Clocks {
  readonly first_byte_ms: number;
  readonly idle_ms: number;
  readonly total_ms: number;
}

export interface UpstreamRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A kept connection that was closed breaks within a round trip; one that breaks later was at work on the request. */
const CLOSED_MS = 500;
const GIVEN_UP = new Error('the call was given up');

export class UpstreamCall implements Dispatcher.DispatchHandler {
  status = 0;
  headers: IncomingHttpHeaders = {};
  /** When the first byte of the body was there, milliseconds after the start. */
  first_byte_ms: number | undefined;
  /** Time spent waiting for the seller. */
  waited_ms = 0;
  /** When a kept connection turned out to be closed, after which the request was sent once more. */
  swallowed_ms: number | undefined;
  readonly #clocks: Clocks;
  readonly #gone: Departure;
  readonly #started = performance.now();
  readonly #clock: CallClock;
  #send: () => void = () => undefined;
  #wasSent = false;
  #controller: Dispatcher.DispatchController | undefined;
  #decoder: Transform | undefined;
  readonly #held = new HeldBytes();
  #isWhole = false;
  #failure: UpstreamFailure | undefined;
  #wake: (() => void) | undefined;

  constructor(clocks: Clocks, gone: Departure) {
    this.#clocks = clocks;
    this.#gone = gone;
    this.#clock = new CallClock(clocks.total_ms, this.#started, () => this.#cut('timeout'));
    this.#clock.expect(clocks.first_byte_ms, this.#started);
    gone.onHappen = () => this.#cut('cancelled');
    if (gone.hasHappened) this.#cut('cancelled');
  }

  /** Until status and headers are there. */
  async send(pool: Pool, { path, headers, body }: UpstreamRequest): Promise<void> {
    this.#send = () => {
      if (this.#failure !== undefined) return;
      const reset = this.swallowed_ms !== undefined;
      const from = reset ? unkeptConnections(pool) : pool;
      from.dispatch({ method: 'POST', path, headers, body, reset }, this);
    };
    this.#send();
    while (this.status === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      await this.#arrival();
    }
  }

  /** What has come since; undefined where the body ended as it should. */
  async next(): Promise<Buffer | undefined> {
    while (this.#held.isEmpty) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isWhole) return undefined;
      if (this.first_byte_ms !== undefined) this.#clock.expect(this.#clocks.idle_ms, performance.now());
      await this.#arrival();
    }
    return this.#held.take();
  }

  /** The whole body, up to a limit. */
  async whole(most_bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let length = 0;
    for (;;) {
      // What has come to its end already needs no waiting.
      const part = this.#isWhole ? this.#held.takeAny() : await this.next();
      if (part === undefined) break;
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
    this.#clock.stop();
    this.#gone.onHappen = undefined;
    if (!this.#isWhole) this.#fail(new UpstreamFailure('cancelled', this.#wasSent, GIVEN_UP.message));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a connection.
    if (this.#failure !== undefined) throw this.#failure;
    this.#controller = controller;
    this.#wasSent = true;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    this.#decoder = decoderOf(headers['content-encoding'])
      ?.on('data', (chunk: Buffer) => this.#hold(chunk))
      .on('drain', () => controller.resume())
      .on('end', () => this.#end())
      .on('error', (error) => this.onResponseError(controller, error));
    this.#held.source = this.#decoder ?? controller;
    this.#wake?.();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#decoder === undefined) this.#hold(chunk);
    else if (!this.#decoder.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#decoder === undefined) this.#end();
    else this.#decoder.end();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const { elapsed_ms } = this;
    const isUnheard = this.#failure === undefined && this.status === 0 && elapsed_ms < CLOSED_MS;
    if (isUnheard && this.swallowed_ms === undefined && brokeWhenUsed(error)) {
      this.swallowed_ms = elapsed_ms;
      this.#wasSent = false;
      queueMicrotask(this.#send);
    } else this.#fail(connectionFailure(error, this.#wasSent));
  }

  #hold(chunk: Buffer): void {
    this.first_byte_ms ??= performance.now() - this.#started;
    this.#held.add(chunk);
    this.#clock.relax();
    this.#wake?.();
  }

  #end(): void {
    this.#isWhole = true;
    this.#wake?.();
  }

  #cut(why: 'timeout' | 'cancelled'): void {
    const message = why === 'timeout' ? 'the seller did not answer in time' : 'the client left';
    this.#fail(new UpstreamFailure(why, this.#wasSent, message));
  }

  #fail(failure: UpstreamFailure): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#decoder?.destroy();
    this.#controller?.abort(GIVEN_UP);
    this.#wake?.();
  }

  #arrival(): Promise<void> {
    const from = performance.now();
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        this.waited_ms += performance.now() - from;
        resolve();
      };
    });
  }
}
