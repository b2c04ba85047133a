/**
 * One attempt on one route: sends the request and says what came of it, an answer, a stream that has begun to answer, or a
 * failure of one of the kinds that policies know. An error inside a 200 is a failure, as is an answer that is none.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { type FailureKind, failureOf } from '../routing/outcome.ts';
import { EventStream } from './commit-point.ts';
import type { UpstreamApi } from './config.ts';
import type { Billing } from './ledger.ts';
import { isObject, type JsonObject } from './reported-usage.ts';
import { StreamTap } from './stream-tap.ts';
import { type UpstreamCall, UpstreamFailure, type UpstreamRequest } from './upstream.ts';
import { jsonOfWire, wireOf, wireOfText } from './wire-text.ts';
import { headersWithoutKey, withoutKey } from './without-key.ts';

const MOST_ANSWER_BYTES = 268_435_456;

export interface AnsweredWhole {
  readonly is: 'whole';
  readonly call: UpstreamCall;
  readonly wire: string;
  readonly value: JsonObject;
}

export interface AnswersAsStream {
  readonly is: 'stream';
  readonly call: UpstreamCall;
  readonly stream: EventStream;
}

export interface FailedAttempt {
  readonly is: 'failed';
  readonly call: UpstreamCall;
  readonly kind: FailureKind;
  readonly billing: Billing;
  readonly message: string;
  /** The seller's own words, where it said any; 200 is not among the statuses. */
  readonly answer:
    | { readonly status: number; readonly headers: IncomingHttpHeaders; readonly wire: string }
    | undefined;
}

export type Tried = AnsweredWhole | AnswersAsStream | FailedAttempt;

export interface RouteAttempt {
  readonly pool: Parameters<UpstreamCall['send']>[0];
  readonly request: UpstreamRequest;
  readonly api: UpstreamApi;
  readonly isStream: boolean;
  /** How many answers were asked for. */
  readonly answers: number;
  /** The seller's, which its answer may not hold. */
  readonly key: string | undefined;
}

export async function tryRoute(call: UpstreamCall, attempt: RouteAttempt): Promise<Tried> {
  try {
    await call.send(attempt.pool, attempt.request);
    const { key } = attempt;
    call.headers = headersWithoutKey(call.headers, key);
    const { status, headers } = call;
    if (status < 200 || status > 299) return await refused(call, key);
    const isEvents = /^text\/event-stream\b/i.test(String(headers['content-type'] ?? ''));
    return attempt.isStream && isEvents ? await begun(call, attempt) : await whole(call, key);
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error;
    const { kind, wasSent, message } = error;
    return { is: 'failed', call, kind, billing: wasSent ? 'unknown' : 'not_sent', message, answer: undefined };
  }
}

async function refused(call: UpstreamCall, key: string | undefined): Promise<FailedAttempt> {
  const { status, headers } = call;
  const { wire, value } = await bodyOf(call, key);
  const isRedirect = status < 400;
  const kind = isRedirect ? 'server_error' : kindOfError(status, errorIn(value));
  // A gateway's timeout may come after the seller has done the work.
  const billing = status === 502 || status === 504 || status === 408 ? 'unknown' : 'refused';
  const answer = isRedirect ? undefined : { status, headers, wire };
  return { is: 'failed', call, kind, billing, message: `the seller answered ${status}`, answer };
}

async function whole(call: UpstreamCall, key: string | undefined): Promise<AnsweredWhole | FailedAttempt> {
  const { wire, value } = await bodyOf(call, key);
  if (isObject(value) && !('error' in value && value.error !== null)) return { is: 'whole', call, wire, value };
  if (!isObject(value)) return inside(call, 'server_error', undefined, 'the seller answered 200 without a JSON object');
  return errorInside(call, errorIn(value), wire);
}

async function begun(
  call: UpstreamCall,
  { api, answers, key }: RouteAttempt,
): Promise<AnswersAsStream | FailedAttempt> {
  const stream = new EventStream(call, new StreamTap(api, answers), key);
  if (await stream.reachContent()) return { is: 'stream', call, stream };
  call.close();
  const { error } = stream.tap;
  if (error === undefined)
    return inside(call, 'server_error', undefined, 'the stream ended before there was an answer');
  const envelope = api === 'anthropic' ? { type: 'error', error } : { error };
  return errorInside(call, error, wireOfText(JSON.stringify(envelope)));
}

/** An error that came with the status 200: what it says it is decides, else the seller failed. */
function errorInside(call: UpstreamCall, error: JsonObject, wire: string): FailedAttempt {
  const stated = [error.code, error.status].find((one) => typeof one === 'number' && one >= 400 && one <= 599);
  const status = typeof stated === 'number' ? stated : 502;
  const headers = { ...call.headers, 'content-type': 'application/json' };
  const kind = stated === undefined ? kindOfError(500, error) : kindOfError(status, error);
  return inside(call, kind, { status, headers, wire }, 'the seller answered 200 with an error inside');
}

const inside = (
  call: UpstreamCall,
  kind: FailureKind,
  answer: FailedAttempt['answer'],
  message: string,
): FailedAttempt => ({ is: 'failed', call, kind, billing: 'unknown', message, answer });

/** The error's code, or its type, where one of them says more than the status. */
function kindOfError(status: number, { code, type }: JsonObject): FailureKind {
  const plain = failureOf(status);
  for (const word of [code, type]) {
    const kind = typeof word === 'string' ? failureOf(status, word) : plain;
    if (kind !== plain) return kind;
  }
  return plain;
}

/** A whole answer without the seller's key, and its JSON; undefined where it is none. */
async function bodyOf(call: UpstreamCall, key: string | undefined): Promise<{ wire: string; value: unknown }> {
  const bytes = await call.whole(MOST_ANSWER_BYTES);
  const came = wireOf(bytes);
  const wire = withoutKey(came, key);
  try {
    return { wire, value: wire === came ? jsonOfWire(wire, bytes) : jsonOfWire(wire) };
  } catch {
    return { wire, value: undefined };
  }
}

const errorIn = (value: unknown): JsonObject => {
  const error = isObject(value) ? value.error : undefined;
  return isObject(error) ? error : {};
};
