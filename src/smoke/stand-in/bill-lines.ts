/** A stand-in's bill as lines of JSON, appended as charges come, so that a bill can be read while it grows. Never written over. */
import { type FileHandle, open } from 'node:fs/promises';
import { inputError } from '../../errors.ts';
import type { BillLine } from '../../measurements/bill-line.ts';
import type { BillEntry } from './bill.ts';

export function lineOfBill({ id, idempotency_key, route, at_ms, model, counts, nano_usd, state }: BillEntry): string {
  const line: Omit<BillLine, 'reasoning_tokens'> = {
    simulated: true,
    time: new Date(at_ms).toISOString(),
    id,
    idempotency_key: idempotency_key ?? null,
    route,
    model,
    ...counts,
    nano_usd,
    state,
  };
  return `${JSON.stringify(line)}\n`;
}

export class BillFile {
  readonly #handle: FileHandle;
  readonly #entries: () => readonly BillEntry[];
  #written = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(handle: FileHandle, entries: () => readonly BillEntry[]) {
    this.#handle = handle;
    this.#entries = entries;
  }

  static async open(file: string, entries: () => readonly BillEntry[]): Promise<BillFile> {
    return new BillFile(await openNew(file, 'STAND_IN_BILL', 'is the bill of another run'), entries);
  }

  /** Appends what came since; told when it is in the file. */
  write(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const fresh = this.#entries().slice(this.#written);
      if (fresh.length === 0) return;
      await this.#handle.appendFile(fresh.map(lineOfBill).join(''));
      this.#written += fresh.length;
    });
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.write();
    await this.#handle.close();
  }
}

/** A file that was not there, or was empty. */
export async function openNew(file: string, code: string, what: string): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'a');
  } catch (error) {
    throw inputError(code, file, `can't be written: ${(error as Error).message}`);
  }
  if ((await handle.stat()).size === 0) return handle;
  await handle.close();
  throw inputError(code, file, `${what}; name a file that is not there yet, or remove it first`);
}
