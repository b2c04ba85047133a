/** SHA-256 of a file's bytes, in hex, read as a stream. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { inputError } from '../errors.ts';

export async function fileDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash).catch((error: NodeJS.ErrnoException) => {
    throw inputError('TRACE_READ', file, `cannot be read (${error.code})`);
  });
  return hash.digest('hex');
}
