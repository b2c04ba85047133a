/**
 * The bytes of a trace: of a file or of standard input, unpacked where they are gzip (told by their first bytes), with the
 * SHA-256 of what was there before unpacking.
 *
 * What is no readable file is refused before it is opened, since a pipe without a writer would never answer. What expands
 * beyond all measure, is cut off or shrinks meanwhile is an InputError. It decodes nothing.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { InputError, inputError } from '../errors.ts';
import { STANDARD_INPUT } from './trace-sources.ts';

const CHUNK_BYTES = 1 << 18;
/** Unpacked bytes from which on the ratio counts, and the ratio that no log reaches: gzip itself ends at 1,032. */
const RATIO_FROM_BYTES = 1 << 28;
const MOST_RATIO = 200;

export interface TraceBytes {
  /** How people call it. */
  readonly name: string;
  /** As it lies there; undefined of standard input. */
  readonly size_bytes: number | undefined;
  readonly is_compressed: boolean;
  /** The first bytes, unpacked: as many as were asked for, or all. */
  readonly head: Buffer;
  /** Whether the head is all there is. */
  readonly is_whole: boolean;
  /** All bytes, unpacked, from the first on. A chunk may be overwritten once the next is asked for. */
  chunks(): AsyncGenerator<Buffer>;
  /** Bytes taken so far, as they lie there. */
  taken_bytes(): number;
  /** Of all bytes, as they lie there; asked once the chunks are through. */
  sha256(): string;
  close(): Promise<void>;
}

export interface OpenBytesOptions {
  readonly head_bytes: number;
  readonly stdin?: AsyncIterable<Buffer>;
}

export async function openTraceBytes(file: string, options: OpenBytesOptions): Promise<TraceBytes> {
  const taken = { bytes: 0, hash: createHash('sha256'), reuses: false };
  if (file === STANDARD_INPUT) {
    const name = 'standard input';
    if (options.stdin === undefined && process.stdin.isTTY)
      throw inputError('TRACE_MISSING', name, 'is a terminal; pipe a trace into it');
    return opened(name, undefined, options.stdin ?? process.stdin, taken, options, async () => {});
  }
  const size = await checkedSize(file);
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw cannotOpen(file, error);
  });
  const close = () => handle.close();
  try {
    return await opened(file, size, fileChunks(handle, file, size, taken), taken, options, close);
  } catch (error) {
    await close();
    throw error;
  }
}

interface Taken {
  bytes: number;
  readonly hash: ReturnType<typeof createHash>;
  /** One buffer serves all chunks; only where each is done with before the next. */
  reuses: boolean;
}

async function checkedSize(file: string): Promise<number> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw cannotOpen(file, error);
  });
  if (found.isDirectory())
    throw inputError('TRACE_DIRECTORY', file, `is a directory; name a file in it, or all with ${file}/*`);
  if (found.isFIFO())
    throw inputError('TRACE_NOT_A_FILE', file, 'is a pipe; name - and send the trace to standard input');
  if (!found.isFile()) throw inputError('TRACE_NOT_A_FILE', file, 'is a device or socket, not a file');
  if (found.size === 0) throw inputError('TRACE_EMPTY', file, 'is empty');
  return found.size;
}

function cannotOpen(file: string, { code }: NodeJS.ErrnoException): InputError {
  const reason =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? 'no such file'
      : code === 'EACCES' || code === 'EPERM'
        ? 'you have no permission to read it'
        : `cannot be opened (${code})`;
  return inputError('TRACE_MISSING', file, reason);
}

async function* fileChunks(handle: FileHandle, file: string, size: number, taken: Taken): AsyncGenerator<Buffer> {
  let buffer: Buffer | undefined;
  for (let read = 0; ; ) {
    if (buffer === undefined || !taken.reuses) buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES).catch((error: NodeJS.ErrnoException) => {
      throw inputError('TRACE_READ', file, `cannot be read on after ${read} bytes (${error.code})`);
    });
    if (bytesRead === 0) {
      if (read < size)
        throw inputError('TRACE_READ', file, `became shorter while it was read: ${read} of ${size} bytes are left`);
      return;
    }
    read += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function opened(
  name: string,
  size_bytes: number | undefined,
  source: AsyncIterable<Buffer>,
  taken: Taken,
  { head_bytes }: OpenBytesOptions,
  close: () => Promise<void>,
): Promise<TraceBytes> {
  const raw = counted(source, taken);
  const start = await firstBytes(raw, 4);
  const is_compressed = start.bytes[0] === 0x1f && start.bytes[1] === 0x8b;
  const all = start.everything();
  const unpacked = is_compressed ? gunzipped(name, all) : all;
  const head = await firstBytes(unpacked, head_bytes);
  taken.reuses = !is_compressed;
  if (head.bytes[0] === 0x1f && head.bytes[1] === 0x8b)
    throw inputError('TRACE_ENCODING', name, 'is gzip inside gzip; unpack it once (gunzip)');
  return {
    name,
    size_bytes,
    is_compressed,
    head: head.bytes,
    is_whole: head.is_whole,
    chunks: head.everything,
    taken_bytes: () => taken.bytes,
    sha256: () => taken.hash.copy().digest('hex'),
    close,
  };
}

async function* counted(source: AsyncIterable<Buffer>, taken: Taken): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    taken.bytes += chunk.length;
    taken.hash.update(chunk);
    yield chunk;
  }
}

/** So many bytes as asked for, or all; `everything` gives all of them from the first byte on. */
async function firstBytes(source: AsyncGenerator<Buffer>, bytes: number) {
  const chunks: Buffer[] = [];
  let length = 0;
  let is_whole = false;
  while (length < bytes) {
    const { done, value } = await source.next();
    if (done === true) {
      is_whole = true;
      break;
    }
    chunks.push(value);
    length += value.length;
  }
  const head = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  return {
    bytes: head,
    is_whole,
    async *everything(): AsyncGenerator<Buffer> {
      if (head.length > 0) yield head;
      if (!is_whole) yield* source;
    },
  };
}

async function* gunzipped(name: string, packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const done = pipeline(Readable.from(packed, { objectMode: true, highWaterMark: 1 }), gunzip);
  // Told where the bytes are taken.
  done.catch(() => {});
  let length = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > RATIO_FROM_BYTES && length > MOST_RATIO * gunzip.bytesWritten)
        throw inputError(
          'TRACE_RATIO',
          name,
          `unpacks to more than ${MOST_RATIO} times its size, as no log does; if it is meant to, unpack it (gunzip) and name the result`,
        );
      yield chunk;
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw inputError('TRACE_ENCODING', name, 'is gzip that is cut off; fetch it again');
    if (code?.startsWith('Z_')) throw inputError('TRACE_ENCODING', name, `is damaged gzip (${message})`);
    throw error;
  } finally {
    gunzip.destroy();
  }
}
