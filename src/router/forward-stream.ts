/**
 * A stream that has begun, on its way to the client: bytes as they came, no faster than the client takes them. Of OpenAI's
 * chunks the one that reports usage is withheld from a client that did not ask for it, and gains `cost` for one that did.
 *
 * A stream that breaks off is not ended as if it were whole: the client gets an `error` event and then a broken connection.
 */
import type { ServerResponse } from 'node:http';
import { anthropicType } from './api-error.ts';
import type { EventStream, Piece } from './commit-point.ts';
import type { UpstreamApi } from './config.ts';
import { withNumber } from './json-edit.ts';
import { UpstreamFailure } from './upstream.ts';

export interface StreamTerms {
  readonly api: UpstreamApi;
  readonly asksForUsage: boolean;
  /** USD of what the tap has read so far; null: unpriced. */
  readonly cost: () => number | null;
  readonly client_idle_ms: number;
  /** Told what the client gets, where it may be kept; a hit costs nothing, so usage stands there with cost 0. */
  readonly keep?: ((bytes: Buffer) => void) | undefined;
}

export interface Forwarded {
  readonly outcome: 'answered' | 'truncated' | 'cancelled';
  /** Time spent waiting for the client. */
  readonly client_ms: number;
}

export async function forwardStream(
  stream: EventStream,
  outgoing: ServerResponse,
  terms: StreamTerms,
): Promise<Forwarded> {
  let client_ms = 0;
  const pass = async (pieces: readonly Piece[]): Promise<void> => {
    const parts: Buffer[] = [];
    for (const piece of pieces) {
      const bytes = shown(piece, terms, terms.cost);
      terms.keep?.(bytes === piece.bytes ? bytes : shown(piece, terms, () => 0));
      if (bytes.length > 0) parts.push(bytes);
    }
    if (parts.length === 0 || outgoing.write(parts.length === 1 ? parts[0] : Buffer.concat(parts))) return;
    const from = performance.now();
    await drained(outgoing, terms.client_idle_ms);
    client_ms += performance.now() - from;
  };
  let why = 'the seller ended the stream before the answer was whole';
  try {
    await pass(stream.held);
    for (let pieces = await stream.next(); pieces !== undefined; pieces = await stream.next()) await pass(pieces);
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error;
    if (error.kind === 'cancelled') return { outcome: 'cancelled', client_ms };
    why = error.message;
  } finally {
    stream.call.close();
  }
  if (outgoing.destroyed) return { outcome: 'cancelled', client_ms };
  if (stream.tap.isComplete) outgoing.end();
  else if (stream.tap.error !== undefined) outgoing.end();
  else breakOff(outgoing, why, terms);
  return { outcome: stream.tap.isComplete ? 'answered' : 'truncated', client_ms };
}

function shown({ bytes, glimpse }: Piece, { asksForUsage }: StreamTerms, cost: () => number | null): Buffer {
  const { usageEvent, lastEvent } = glimpse;
  if (usageEvent !== undefined && !asksForUsage) return Buffer.alloc(0);
  const data = usageEvent ?? lastEvent;
  if (data === undefined || !asksForUsage) return bytes;
  const usd = cost();
  if (usd === null) return bytes;
  const text = bytes.toString('utf8');
  const at = text.indexOf(data);
  const rewritten = at < 0 ? undefined : withNumber(data, 'usage', 'cost', usd);
  if (rewritten === undefined) return bytes;
  return Buffer.from(text.slice(0, at) + rewritten + text.slice(at + data.length));
}

/** What a client has not read is lost to it when the connection breaks: time for the error, for one that is behind. */
const READ_MS = 200;

function breakOff(outgoing: ServerResponse, message: string, { api }: StreamTerms): void {
  const type = api === 'anthropic' ? anthropicType(502) : 'upstream_error';
  const error = { message, type, param: null, code: 'stream_truncated' };
  const data = JSON.stringify({ type: 'error', error });
  outgoing.write(`event: error\ndata: ${data}\n\n`);
  const timer = setTimeout(() => outgoing.destroy(), READ_MS);
  outgoing.once('close', () => clearTimeout(timer));
}

/** Until the client has taken what was written, or has left; one that takes nothing is left. */
const drained = (outgoing: ServerResponse, most_ms: number): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      outgoing.off('drain', end);
      outgoing.off('close', end);
      resolve();
    };
    const timer = setTimeout(() => outgoing.destroy(), most_ms);
    outgoing.on('drain', end);
    outgoing.on('close', end);
    if (outgoing.destroyed) end();
  });
