/**
 * Cuts a stream of server-sent events into whole events, as bytes: an event ends with its empty line, after LF, CRLF or CR.
 * Nothing is decoded, so characters that are split over chunks stay as they are. Comments are let through line by line,
 * since they keep connections alive; an event longer than the limit is let through in pieces.
 */
const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const MOST_BYTES = 4_194_304;

export class EventCutter {
  #held: Buffer[] = [];
  #heldBytes = 0;
  #isLineEmpty = true;
  #isEventEmpty = true;
  #isComment = false;
  #isAfterCr = false;
  /** An empty line ended with CR: the event ends here, or behind the LF that may follow. */
  #endsHere = false;

  /** Pieces that are whole, in order; together with `rest` they are the bytes that came. */
  push(chunk: Buffer): Buffer[] {
    const pieces: Buffer[] = [];
    const hasCr = chunk.includes(CR);
    let from = 0;
    const cut = (to: number): void => {
      pieces.push(this.#take(chunk.subarray(from, to)));
      from = to;
      this.#isEventEmpty = true;
    };
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (this.#isAfterCr) {
        this.#isAfterCr = false;
        const isCrLf = byte === LF;
        if (this.#endsHere) cut(isCrLf ? i + 1 : i);
        this.#endsHere = false;
        if (isCrLf) continue;
      }
      if (byte !== LF && byte !== CR) {
        if (this.#isLineEmpty) this.#isComment = this.#isEventEmpty && byte === COLON;
        this.#isLineEmpty = false;
        this.#isEventEmpty = false;
        // Nothing more can happen before the line ends.
        if (!hasCr) i = endOfLine(chunk, i) - 1;
        continue;
      }
      const ends = this.#isLineEmpty || this.#isComment;
      this.#isLineEmpty = true;
      this.#isComment = false;
      this.#isAfterCr = byte === CR;
      if (byte === CR) this.#endsHere = ends;
      else if (ends) cut(i + 1);
    }
    if (from < chunk.length) {
      this.#held.push(from === 0 ? chunk : chunk.subarray(from));
      this.#heldBytes += chunk.length - from;
      if (this.#heldBytes > MOST_BYTES) pieces.push(this.#take(Buffer.alloc(0)));
    }
    return pieces;
  }

  /** No event has begun that has not ended. */
  get isBetween(): boolean {
    return this.#held.length === 0 && this.#isLineEmpty && this.#isEventEmpty && !this.#isAfterCr;
  }

  /** What was begun and has not ended. */
  rest(): Buffer {
    return this.#take(Buffer.alloc(0));
  }

  #take(last: Buffer): Buffer {
    const whole = this.#held.length === 0 ? last : Buffer.concat([...this.#held, last]);
    this.#held = [];
    this.#heldBytes = 0;
    return whole;
  }
}

function endOfLine(chunk: Buffer, from: number): number {
  const at = chunk.indexOf(LF, from);
  return at < 0 ? chunk.length : at;
}
