/**
 * Hashes of a prompt's blocks, outermost first, for replays of prompt caches: two prompts share as many hashes as they share
 * leading blocks, and no text can be read out of them.
 *
 *   h_i = first 48 bits of SHA-256(h_(i-1), block i),   a block being 2,048 bytes of the prompt's JSON, some 512 tokens
 *
 * A block that is not full is hashed too. Salted with a secret of the process's own, so that short prompts can't be guessed;
 * hashes of two runs can't be compared unless the salt is given.
 */
import { createHmac } from 'node:crypto';
import type { JsonObject } from './reported-usage.ts';

const BLOCK_BYTES = 2048;

export function hashChain(body: JsonObject, salt: Buffer): number[] {
  const { tools, system, messages, input, prompt } = body;
  const text = Buffer.from(JSON.stringify([tools, system, messages ?? input ?? prompt]));
  const chain: number[] = [];
  for (let at = 0; at < text.length; at += BLOCK_BYTES) {
    const block = createHmac('sha256', salt).update(`${chain.at(-1) ?? ''}\n`);
    chain.push(
      block
        .update(text.subarray(at, at + BLOCK_BYTES))
        .digest()
        .readUIntBE(0, 6),
    );
  }
  return chain;
}
