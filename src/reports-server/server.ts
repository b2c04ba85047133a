/**
 * The server's front: which addresses there are, who may ask and with which headers it answers.
 *
 * It is asked by a browser on this machine and by nobody else: a Host that is not this machine's own name is refused, so that a
 * foreign page that gets its name to point here reads nothing; only GET and HEAD; nothing is kept by anybody. An address is
 * judged as it came, before anything decodes or shortens it.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { didYouMean } from '../nearest.ts';
import type { Report } from '../report/contract.ts';
import { compareAddress, LETTERS, partsOfPath, reportAddress } from './addresses.ts';
import { comparePage } from './compare-page.ts';
import type { ComparedReport } from './compared-report.ts';
import { type FoundReport, findReports } from './find-reports.ts';
import { indexPage } from './index-page.ts';
import { PAGE_POLICY, sorryPage } from './page.ts';
import { servedFile } from './served-file.ts';
import { readOrReason, readShelf } from './shelf.ts';

type Env = { Bindings: HttpBindings };
type Asked = Context<Env>;

const LONGEST_ADDRESS = 4096;
const LONGEST_SEARCH = 200;

/** @param onBug what went wrong here, for whoever runs it; a browser is told that something did */
export function createReportsServer(root: string, onBug: (error: unknown) => void): Server {
  const app = new Hono<Env>();
  app.use(async (context, next) => {
    const refused = refusal(context.env.incoming);
    if (refused !== undefined) context.res = said(...refused);
    else await next();
  });
  app.get('/', async (context) => {
    const search = (context.req.query('q') ?? '').slice(0, LONGEST_SEARCH).trim();
    return shown(indexPage(root, await readShelf(root), search));
  });
  app.get('/compare', async (context) => compared(root, context));
  app.get('/favicon.ico', () => new Response(null, { status: 204, headers: HEADERS }));
  app.get('/reports/*', async (context) => reportFile(root, context));
  app.notFound(() => said(404, 'There is no such page', 'The address leads nowhere here.'));
  app.onError((error) => {
    onBug(error);
    return said(500, 'This page can’t be made', 'The reason stands where the server was started.');
  });
  const listener = getRequestListener(app.fetch as Parameters<typeof getRequestListener>[0], {
    errorHandler: () => said(400, 'That is no request', 'The address can’t be read.'),
  });
  const server = createServer(
    {
      maxHeaderSize: 16_384,
      headersTimeout: 10_000,
      requestTimeout: 10_000,
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 5_000,
    },
    (incoming, outgoing) => {
      outgoing.on('error', () => undefined);
      void listener(incoming, outgoing);
    },
  );
  server.maxConnections = 128;
  return server;
}

const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

const shown = (markup: string, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(markup, {
    status,
    headers: {
      ...HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_POLICY,
      ...headers,
    },
  });

function said(status: number, title: string, sentence: string): Response {
  return shown(sorryPage(title, sentence), status, status === 405 ? { allow: 'GET, HEAD' } : {});
}

/** Of an address as it came; undefined: it may be answered. */
function refusal(incoming: IncomingMessage): [number, string, string] | undefined {
  const { method, url = '', headers, socket } = incoming;
  if (!isOwnName(headers.host, socket.localPort))
    return [421, 'This server is for this machine alone', 'It answers to 127.0.0.1 and localhost only.'];
  if (method !== 'GET' && method !== 'HEAD')
    return [405, 'Reports are only read here', 'This server takes GET and HEAD.'];
  if (url.length > LONGEST_ADDRESS) return [414, 'The address is too long', `At most ${LONGEST_ADDRESS} characters.`];
  const path = pathOf(incoming);
  if (!path.startsWith('/') || (path !== '/' && partsOfPath(withoutEnd(path)) === undefined))
    return [404, 'There is no such page', 'The address leads nowhere here.'];
  return undefined;
}

function isOwnName(host: string | undefined, port: number | undefined): boolean {
  const names = ['127.0.0.1', 'localhost'];
  return names.some((name) => host === `${name}:${port}` || (port === 80 && host === name));
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0]!.split('#', 1)[0]!;
const withoutEnd = (path: string): string => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);

/** A folder's address leads to its report. */
async function reportFile(root: string, { env }: Asked): Promise<Response> {
  const path = pathOf(env.incoming);
  const parts = partsOfPath(withoutEnd(path))?.slice(1) ?? [];
  const name = parts.join('/') || '.';
  const found = path.endsWith('/') ? undefined : await servedFile(root, parts);
  if (typeof found === 'string') return said(403, 'This file is too large to be shown', `It ${found}.`);
  if (found !== undefined)
    return new Response(found.body, {
      headers: { ...HEADERS, 'content-type': found.type, 'content-security-policy': found.policy },
    });
  const all = await findReports(root);
  if (all.some((one) => one.name === name && one.has_html))
    return new Response(null, { status: 302, headers: { ...HEADERS, location: reportAddress(name) } });
  return said(404, 'There is no such file', 'No report here has it. The list of reports is below.');
}

const FEWEST = 2;

async function compared(root: string, { req }: Asked): Promise<Response> {
  const all = await findReports(root);
  const ticked = req.queries('report');
  if (ticked !== undefined) {
    // As they were written, the oldest first: the list has the newest first.
    const names = all.map(({ name }) => name).filter((name) => ticked.includes(name));
    if (names.length < FEWEST || names.length > LETTERS.length)
      return said(
        400,
        'Choose two or three reports',
        `${names.length === 0 ? 'None' : names.length} ${names.length === 1 ? 'was' : 'were'} chosen. Go back and tick two or three.`,
      );
    return new Response(null, { status: 303, headers: { ...HEADERS, location: compareAddress(names.reverse()) } });
  }
  const names = LETTERS.map((letter) => req.query(letter.toLowerCase())).filter((name) => name !== undefined);
  if (names.length < FEWEST || new Set(names).size < names.length)
    return said(
      400,
      'Choose two or three reports',
      'An address for it is /compare?a=before&b=after, two names of the list.',
    );
  const sides: ComparedReport[] = [];
  for (const name of names) {
    const side = await sideOf(root, all, name);
    if (side instanceof Response) return side;
    sides.push(side);
  }
  return shown(comparePage(sides));
}

async function sideOf(root: string, all: readonly FoundReport[], name: string): Promise<ComparedReport | Response> {
  const found = all.find((one) => one.name === name);
  if (found === undefined)
    return said(
      404,
      'There is no such report',
      `“${name.slice(0, LONGEST_SEARCH)}” is no report here${didYouMean(
        name.slice(0, LONGEST_SEARCH),
        all.map((one) => one.name),
      )}.`,
    );
  const report: Report | string = await readOrReason(root, found);
  return typeof report === 'string'
    ? said(422, 'This report can’t be read', `${name}: ${report}.`)
    : { name, written_ms: found.written_ms, has_html: found.has_html, report };
}
