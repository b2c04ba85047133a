/** Writes what a client gets: the seller's bytes, or the router's own error, with headers that say what was done and spent. */
import type { ServerResponse } from 'node:http';
import { type ApiProblem, type ErrorShape, errorBody, idHeader } from './api-error.ts';
import { decimal } from './json-text.ts';
import { type Cost, costOfAll, type RequestLedger } from './ledger.ts';

/** Known when the head is written: of a stream the cost is not. */
export function tollHeaders(
  id: string,
  ledger: RequestLedger,
  route: string | undefined,
  isWhole: boolean,
): Record<string, string> {
  const headers: Record<string, string> = {
    'x-tollgate-request': id,
    'x-tollgate-attempts': String(ledger.attempts.length + (isWhole ? 0 : 1)),
    'x-tollgate-overhead-ms': ledger.overhead_ms.toFixed(3),
  };
  if (route !== undefined) headers['x-tollgate-route'] = headerText(route);
  for (const who of ['client', 'team', 'user', 'feature'] as const) {
    const name = ledger.attribution[who];
    if (name !== undefined) headers[`x-tollgate-${who}`] = headerText(name);
  }
  if (isWhole) Object.assign(headers, costHeaders(costOfAll(ledger.attempts)));
  return headers;
}

export const costHeaders = ({ usd, status }: Cost): Record<string, string> => ({
  'x-tollgate-cost-status': status,
  ...(usd === null ? {} : { 'x-tollgate-cost-usd': decimal(usd) }),
});

/** Names of routes are people's own words; a header takes plain text alone. */
const headerText = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

export function writeWhole(
  outgoing: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  bytes: Uint8Array,
): void {
  if (outgoing.destroyed || outgoing.headersSent) return;
  outgoing.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
  outgoing.end(bytes);
}

export function writeProblem(
  outgoing: ServerResponse,
  problem: ApiProblem,
  shape: ErrorShape,
  id: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const bytes = Buffer.from(errorBody(problem, shape, id));
  const own = { ...idHeader(shape, id), ...headers, ...problem.headers, 'content-type': 'application/json' };
  writeWhole(outgoing, problem.status, own, bytes);
}
