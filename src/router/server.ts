/**
 * The router's front: which paths there are, who may ask, how long a request may take to arrive and how large it may be.
 * Operations are found by their path and go by node's own streams, so that a broken connection can be told from an end and
 * nothing is made of a request that nobody asks for; Hono has all other paths.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { wholeMs } from '../routing/exact.ts';
import { writeProblem } from './answer.ts';
import { ApiError, badRequest, type ErrorShape, errorBody } from './api-error.ts';
import { answerBrokenRequests, brokenHead, INVALID_HTTP } from './broken-requests.ts';
import type { ClientAuth } from './client-auth.ts';
import type { RouterConfig } from './config.ts';
import { Departure } from './departure.ts';
import type { RouterParts } from './exchange.ts';
import { modelList, modelObject } from './model-list.ts';
import { noSuchPath } from './no-such-path.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { readBody } from './request-body.ts';
import { ServedRequest } from './serve-request.ts';

/** What the front asks for at every request, so that it can be exchanged while it runs. */
export interface Front {
  readonly parts: () => RouterParts;
  readonly auth: () => ClientAuth;
  readonly isDraining: () => boolean;
  readonly metrics: () => string;
  /** A request that is not begun, by the code of its error. */
  readonly onTurnedAway: (code: string) => void;
  /** A bug, to be told to the operator and not to the client. */
  readonly onBug: (error: unknown) => void;
  /** A request that has begun; it never rejects. */
  readonly onBegin: (running: Promise<void>) => void;
}

type Env = { Bindings: HttpBindings };

export function createFront(front: Front, listen: RouterConfig['listen']): Server {
  const app = new Hono<Env>();
  app.get('/v1/models', (context) => {
    const { models } = front.auth().check(context.env.incoming, true);
    const names = models ?? [...front.parts().table.models.keys()];
    return context.json(modelList(names, shapeOf(context.env.incoming)));
  });
  app.get('/v1/models/:model{.+}', (context) => {
    const { models } = front.auth().check(context.env.incoming, true);
    const name = context.req.param('model');
    front.parts().table.target(name, models);
    return context.json(modelObject(name, shapeOf(context.env.incoming)));
  });
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.get('/ready', (context) =>
    front.isDraining() ? context.json({ status: 'draining' }, 503) : context.json({ status: 'ready' }),
  );
  app.get('/metrics', (context) => {
    if (!isLocal(context.env.incoming)) front.auth().check(context.env.incoming);
    return context.text(front.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
  const answer = ({ incoming, outgoing }: HttpBindings, error: ApiError): Response => {
    writeProblem(outgoing as ServerResponse, error.problem, shapeOf(incoming), randomUUID());
    return RESPONSE_ALREADY_SENT;
  };
  app.notFound(({ env, req }) => answer(env, noSuchPath(req.method, req.path)));
  app.onError((error, { env }) => {
    if (error instanceof ApiError) return answer(env, error);
    front.onBug(error);
    return answer(env, INTERNAL);
  });
  const others = getRequestListener(app.fetch as Parameters<typeof getRequestListener>[0], {
    errorHandler: (error) => {
      const isTheirs = error instanceof RequestError;
      if (!isTheirs) front.onBug(error);
      const { problem } = isTheirs ? INVALID_HTTP : INTERNAL;
      const headers = { 'content-type': 'application/json' };
      return new Response(errorBody(problem, 'openai', randomUUID()), { status: problem.status, headers });
    },
  });
  const options = {
    maxHeaderSize: listen.header_bytes,
    headersTimeout: wholeMs(listen.headers_timeout),
    requestTimeout: wholeMs(listen.body_timeout),
    connectionsCheckingInterval: Math.min(1000, wholeMs(listen.headers_timeout)),
    keepAliveTimeout: 65_000,
    requireHostHeader: false,
  };
  const server = createServer(options, (incoming, outgoing) => {
    const broken = brokenHead(incoming, listen.headers);
    if (broken !== undefined) {
      front.onTurnedAway(broken.problem.code);
      writeProblem(outgoing, broken.problem, shapeOf(incoming), randomUUID());
      return;
    }
    const operation = incoming.method === 'POST' ? OPERATION_AT.get(pathOf(incoming)) : undefined;
    if (operation === undefined) void others(incoming, outgoing);
    else front.onBegin(handle(front, operation, incoming, outgoing));
  });
  // One more than are allowed, so that it is known where there were more.
  server.maxHeadersCount = listen.headers + 1;
  answerBrokenRequests(server, front.onTurnedAway);
  return server;
}

const OPERATION_AT = new Map(OPERATIONS.map((operation) => [`/v1${operation.path}`, operation]));

function pathOf({ url = '' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

const INTERNAL = new ApiError({
  status: 500,
  type: 'server_error',
  code: 'internal_error',
  message: 'the router failed',
});
/** A seller would make and bill it, and what came would be no answer here. */
const noStreams = ({ path }: Operation): ApiError =>
  badRequest('unsupported_value', `there are no streams of POST /v1${path} here; ask without "stream"`, 'stream');
const DRAINING = new ApiError({
  status: 503,
  type: 'server_error',
  code: 'draining',
  message: 'the router is about to stop',
  headers: { 'retry-after': '1', connection: 'close' },
});

/** Of what is no operation: whose client asks. */
const shapeOf = ({ url = '', headers }: IncomingMessage): ErrorShape =>
  headers['anthropic-version'] !== undefined || /^\/v1(\/v1)?\/messages\b/.test(url) ? 'anthropic' : 'openai';

const isLocal = ({ socket }: IncomingMessage): boolean => /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '');

async function handle(
  { parts, auth, isDraining, onBug, onTurnedAway }: Front,
  operation: Operation,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new Departure();
  const id = randomUUID();
  outgoing.on('error', () => undefined);
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) gone.happen();
  });
  try {
    if (isDraining()) throw DRAINING;
    const shared = parts();
    const client = auth().check(incoming, operation.api === 'anthropic');
    const body = await readBody(incoming, shared.config.listen);
    if (body.isStream && !operation.canStream) throw noStreams(operation);
    const exchange = { id, operation, client, body, incoming, outgoing, gone };
    await new ServedRequest(shared, exchange).serve();
  } catch (error) {
    // Gone while it was still asking: there is nobody to answer.
    if (gone.hasHappened || (incoming.destroyed && !incoming.complete)) return;
    if (error instanceof ApiError) onTurnedAway(error.problem.code);
    else onBug(error);
    const { problem } = error instanceof ApiError ? error : INTERNAL;
    if (outgoing.headersSent) outgoing.destroy();
    else writeProblem(outgoing, problem, operation.api, id);
  }
}
