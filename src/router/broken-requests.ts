/**
 * Requests that HTTP itself does not hold: a head that node's parser refuses, one that is too large or too slow, a method or
 * an expectation that nobody meets. They are answered as other errors are, where the connection still takes an answer; where
 * another answer is under way on it, it is closed. Takes what node tells, and asks nobody.
 */
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { writeProblem } from './answer.ts';
import { ApiError, type ApiProblem, errorBody } from './api-error.ts';

const refused = (status: number, code: string, message: string): ApiError =>
  new ApiError({ status, type: 'invalid_request_error', code, message });

export const INVALID_HTTP = refused(400, 'invalid_http', 'what was sent is no request of HTTP/1.1');
const NO_HOST = refused(400, 'invalid_http', 'names no host');
const NO_PATH = refused(400, 'invalid_http', 'asks for no path of this router, which is no proxy');
const TOO_LARGE = refused(431, 'headers_too_large', 'the headers are more or larger than is read');
const TOO_SLOW = refused(408, 'request_timeout', 'the request was not there in time');
const EXTENSIONS = refused(413, 'request_too_large', 'the extensions of chunks are longer than is read');
const UNEXPECTED = refused(417, 'expectation_failed', 'the only expectation that is met is 100-continue');
const NO_TUNNEL = refused(405, 'method_not_allowed', 'there is no CONNECT here: this router is no proxy');

const BY_CODE: Readonly<Record<string, ApiError>> = {
  HPE_HEADER_OVERFLOW: TOO_LARGE,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: EXTENSIONS,
  ERR_HTTP_REQUEST_TIMEOUT: TOO_SLOW,
};

/** Of a head that was parsed; node would drop headers past its limit in silence. */
export function brokenHead(incoming: IncomingMessage, most_headers: number): ApiError | undefined {
  if (incoming.rawHeaders.length > 2 * most_headers) return TOO_LARGE;
  if (incoming.headers.host === undefined && incoming.httpVersion === '1.1') return NO_HOST;
  return incoming.url?.startsWith('/') ? undefined : NO_PATH;
}

/** How long a connection goes on to be read after its last answer: closed at once, the answer could be lost. */
const LINGER_MS = 500;

/** @param onTurnedAway told the code of each error */
export function answerBrokenRequests(server: Server, onTurnedAway: (code: string) => void): void {
  const told = new WeakSet<Duplex>();
  const end = (socket: Duplex, { problem }: ApiError): void => {
    if (told.has(socket)) return;
    told.add(socket);
    onTurnedAway(problem.code);
    socket.end(asText(problem));
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket) => {
    const error = BY_CODE[code] ?? (code.startsWith('HPE_') ? INVALID_HTTP : undefined);
    if (told.has(socket)) return;
    if (error === undefined || !socket.writable || isAnswering(socket)) socket.destroy();
    else end(socket, error);
  });
  server.on('connect', (_, socket) => {
    socket.on('error', () => undefined);
    end(socket, NO_TUNNEL);
  });
  server.on('checkExpectation', (_, outgoing) => {
    onTurnedAway(UNEXPECTED.problem.code);
    writeProblem(outgoing, UNEXPECTED.problem, 'openai', randomUUID());
  });
}

/** Whether the connection owes another request its answer, or has begun this one's. Node tells it by no public name. */
function isAnswering(socket: Duplex): boolean {
  const open = (socket as { _httpMessage?: ServerResponse | null })._httpMessage;
  return open != null && (open.headersSent || open.req.complete);
}

function asText(problem: ApiProblem): string {
  const id = randomUUID();
  const body = errorBody(problem, 'openai', id);
  const headers = ['connection: close', 'content-type: application/json', `x-request-id: ${id}`];
  const head = [`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`, ...headers];
  return `${head.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
