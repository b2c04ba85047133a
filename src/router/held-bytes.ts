/** Bytes that came and were not taken yet: past a bound whoever sends them has to wait until they are. */
const MOST_HELD = 65_536;

export interface Source {
  pause(): unknown;
  resume(): unknown;
}

export class HeldBytes {
  /** Who sends them. */
  source: Source | undefined;
  #parts: Buffer[] = [];
  #length = 0;
  #isPaused = false;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(part: Buffer): void {
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length <= MOST_HELD) return;
    this.#isPaused = true;
    this.source?.pause();
  }

  takeAny(): Buffer | undefined {
    return this.isEmpty ? undefined : this.take();
  }

  take(): Buffer {
    const bytes = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    if (this.#isPaused) {
      this.#isPaused = false;
      this.source?.resume();
    }
    return bytes;
  }
}
