/**
 * Asks again where there was no room: a check of tools is not to fail because a minute's requests were used up. Waits for as
 * long as the refusal asks, a second where it asks for nothing, and no longer than 20 s; refusals cost nothing.
 */
import { NOT_ASKED, retryAfterMs } from '../../routing/retry-after.ts';
import type { Probe, Seen } from '../check.ts';
import type { Asked } from '../dialect.ts';
import type { Exchange } from '../exchange.ts';

const MOST_AGAIN = 2;
const MOST_WAIT_MS = 20_000;
const DEFAULT_WAIT_MS = 1000;

export const isNoRoom = ({ status }: Exchange): boolean => status === 429 || status === 503 || status === 529;

/** NOT_ASKED where it does not say, or not in a form that can be read. */
export function toldWaitMs({ headers, started_ms, total_ms }: Exchange): number {
  const in_ms = headers['retry-after-ms'];
  return retryAfterMs(
    { retry_after: headers['retry-after'], retry_after_ms: Array.isArray(in_ms) ? in_ms[0] : in_ms },
    started_ms + total_ms,
  );
}

export async function askPatiently({ ask, wait }: Probe, asked: Asked): Promise<Seen> {
  let seen = await ask(asked);
  for (let again = 0; again < MOST_AGAIN && isNoRoom(seen.exchange); again++) {
    const told = toldWaitMs(seen.exchange);
    const wait_ms = told === NOT_ASKED ? DEFAULT_WAIT_MS : told;
    if (wait_ms > MOST_WAIT_MS) return seen;
    await wait(wait_ms);
    seen = await ask(asked);
  }
  return seen;
}
