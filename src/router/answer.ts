/** Writes what a client gets: the seller's bytes, or the router's own error, with headers that say what was done and spent. */
import type { ServerResponse } from 'node:http';
import { type ApiProblem, type ErrorShape, errorBody, idHeader } from './api-error.ts';
import { decimal } from './json-edit.ts';
import { costOfAll, type RequestLedger } from './ledger.ts';
import { wireOfText } from './wire-text.ts';

/** Headers by name, one of each. */
export type Head = Record<string, string>;

/** Known when the head is written: of a stream the cost is not. */
export function addToll(
  head: Head,
  id: string,
  ledger: RequestLedger,
  route: string | undefined,
  isWhole: boolean,
): Head {
  const { client, team, user, feature } = ledger.attribution;
  head['x-tollgate-request'] = id;
  head['x-tollgate-attempts'] = String(ledger.attempts.length + (isWhole ? 0 : 1));
  head['x-tollgate-overhead-ms'] = ledger.overhead_ms.toFixed(3);
  if (route !== undefined) head['x-tollgate-route'] = headerText(route);
  head['x-tollgate-client'] = headerText(client);
  if (team !== undefined) head['x-tollgate-team'] = headerText(team);
  if (user !== undefined) head['x-tollgate-user'] = headerText(user);
  if (feature !== undefined) head['x-tollgate-feature'] = headerText(feature);
  if (!isWhole) return head;
  const { usd, status } = costOfAll(ledger.attempts);
  head['x-tollgate-cost-status'] = status;
  if (usd !== null) head['x-tollgate-cost-usd'] = decimal(usd);
  return head;
}

/** Names of routes are people's own words; a header takes plain text alone. */
const headerText = (text: string): string => (PLAIN.test(text) ? text : text.replace(/[^\x20-\x7e]/g, '?'));
const PLAIN = /^[\x20-\x7e]*$/;

export function writeWhole(outgoing: ServerResponse, status: number, head: Head, wire: string): void {
  if (outgoing.destroyed || outgoing.headersSent) return;
  head['content-length'] = String(wire.length);
  outgoing.writeHead(status, head);
  // As a text it leaves together with the head, in one piece.
  outgoing.end(wire, 'latin1');
}

export function writeProblem(
  outgoing: ServerResponse,
  problem: ApiProblem,
  shape: ErrorShape,
  id: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const wire = wireOfText(errorBody(problem, shape, id));
  const own = { ...idHeader(shape, id), ...headers, ...problem.headers, 'content-type': 'application/json' };
  writeWhole(outgoing, problem.status, own, wire);
}
