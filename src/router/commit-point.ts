/**
 * The start of a stream, held back until there is something to show: up to then an attempt may fail and another be made, as
 * if nothing had happened. From then on the client has part of an answer, and the request can only end.
 *
 * Held are chunks that name a role and nothing else, empty ones and comments; at most 64 events or 256 KiB (as Bifrost
 * does), so that a seller that sends nothing but these is not waited for.
 */
import { EventCutter } from './event-cutter.ts';
import { endOfEvent, isPlainEvent } from './plain-event.ts';
import type { Glimpse, StreamTap } from './stream-tap.ts';
import type { UpstreamCall } from './upstream.ts';
import { wireOf } from './wire-text.ts';
import { bytesWithoutKey, holdsSecret } from './without-key.ts';

const MOST_EVENTS = 64;
const MOST_BYTES = 262_144;

/** One or more whole events, and what the tap saw in them. */
export interface Piece {
  readonly bytes: Buffer;
  readonly glimpse: Glimpse;
}

const TEXT_ALONE: Glimpse = { usageEvent: undefined, lastEvent: undefined, isRead: true };

/** A seller's stream as pieces, each read by the tap as it comes. */
export class EventStream {
  readonly call: UpstreamCall;
  readonly tap: StreamTap;
  /** Pieces that were held back. */
  held: Piece[] = [];
  readonly #cutter = new EventCutter();
  readonly #key: string | undefined;

  /** @param key of the seller, which its events may not hold */
  constructor(call: UpstreamCall, tap: StreamTap, key: string | undefined) {
    this.call = call;
    this.tap = tap;
    this.#key = key;
  }

  /** Undefined where the body has ended; throws an UpstreamFailure where it was cut. */
  async next(): Promise<Piece[] | undefined> {
    const chunk = await this.call.next();
    if (chunk !== undefined) return this.#piecesOf(chunk);
    const rest = this.#cutter.rest();
    if (rest.length === 0) return undefined;
    const last = this.#read(rest);
    this.tap.end();
    // Half an event is none: what follows would be read as a part of it.
    return last.glimpse.isRead && this.tap.isComplete ? [last] : undefined;
  }

  /** Events that hold text alone stay together; all others are read one by one. */
  #piecesOf(chunk: Buffer): Piece[] {
    const wire = wireOf(chunk);
    const isPlain = !wire.includes('\r') && !holdsSecret(wire, this.#key);
    const pieces: Piece[] = [];
    for (let at = 0; at < chunk.length; ) {
      const isBetween = isPlain && this.#cutter.isBetween;
      const texts = isBetween ? this.tap.skip(wire, at) : at;
      const part = (to: number): Buffer => (at === 0 && to === chunk.length ? chunk : chunk.subarray(at, to));
      if (texts > at) {
        pieces.push({ bytes: part(texts), glimpse: TEXT_ALONE });
        at = texts;
        continue;
      }
      const end = isPlain ? endOfEvent(wire, at) : chunk.length;
      if (isBetween && isPlainEvent(wire, at, end)) pieces.push(this.#read(part(end)));
      else for (const bytes of this.#cutter.push(part(end))) pieces.push(this.#read(bytes));
      at = end;
    }
    return pieces;
  }

  #read(came: Buffer): Piece {
    const bytes = bytesWithoutKey(came, this.#key);
    return { bytes, glimpse: this.tap.feed(bytes) };
  }

  /** Whether there is an answer to show; false: the stream ended or failed before one. */
  async reachContent(): Promise<boolean> {
    let bytes = 0;
    while (!this.tap.hasContent && this.held.length <= MOST_EVENTS && bytes <= MOST_BYTES) {
      const pieces = await this.next();
      if (pieces === undefined) return this.tap.hasEnded && this.tap.error === undefined;
      for (const piece of pieces) bytes += piece.bytes.length;
      this.held.push(...pieces);
      if (this.tap.error !== undefined && !this.tap.hasContent) return false;
      if (this.tap.isDone || this.tap.hasEnded) return this.tap.hasEnded;
    }
    return true;
  }
}
