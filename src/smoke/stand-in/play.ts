/** Sends a script over a socket, each piece at its time; a client that leaves is charged for what was made until then. */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Script } from './script.ts';

export async function play(script: Script, response: ServerResponse, clock: Clock): Promise<void> {
  const { status, headers, pieces, end, ends_ms, settle } = script;
  const from = clock.now();
  const elapsed = (): number => clock.now() - from;
  const until = async (at_ms: number): Promise<void> => {
    const left = at_ms - elapsed();
    if (left > 0) await clock.wait(left);
  };
  response.on('close', () => settle(elapsed(), end === 'whole' ? 'cancelled' : 'cut'));
  if (end === 'reset') {
    await until(ends_ms);
    response.socket?.resetAndDestroy();
    return;
  }
  for (const [i, { at_ms, text }] of pieces.entries()) {
    await until(at_ms);
    if (response.destroyed) return;
    if (i === 0) response.writeHead(status, headers).flushHeaders();
    const isLast = i === pieces.length - 1;
    // Before it leaves, so that who has it can look it up.
    if (isLast) settle(ends_ms, end === 'whole' ? 'whole' : 'cut');
    if (isLast && end === 'whole') response.end(text);
    else response.write(text);
  }
  if (end === 'cut') response.socket?.end(() => response.socket?.destroy());
}
