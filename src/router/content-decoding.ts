/** Bodies of sellers that compress although they were asked not to. */
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** Undefined: the bytes are what they are. */
export function decoderOf(encoding: string | string[] | undefined): Transform | undefined {
  if (encoding === undefined) return undefined;
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  return encoding === 'br' ? createBrotliDecompress() : undefined;
}
