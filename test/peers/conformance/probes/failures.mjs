/** Probes of failures: what is tried again, after how long, and what the client is told. */
import { chat, ended, errorOf, plural } from '../client.mjs';
import { after, answer, error, inTurn, json, UNREADABLE, whole } from '../seller.mjs';
import { seen, until } from '../verdict.mjs';
import { callsOf, pair } from './streams.mjs';

const LIMITED = error('rate_limit_exceeded');
const ODD = '{ "error" : {"message":"bad","type":"invalid_request_error","param":"messages","code":null} }';
const PAGE = '<html><body>out of order</body></html>';
const WAIT_S = 3;
/** Node's date header and HTTP dates have whole seconds: a date this far away is at least WAIT_S ahead. */
const inSeconds = () => new Date(Date.now() + (WAIT_S + 1) * 1000).toUTCString();

const html = (response) => {
  response.writeHead(503, { 'content-type': 'text/html' });
  response.end(PAGE);
};
const reset = (response) => response.socket.resetAndDestroy();
const silent = () => {};

const waited = (id) => async (t) => {
  const { status } = await t.ask(chat(id), { most_ms: 15_000 });
  const { calls } = t.seller.of(id);
  const gap_ms = calls.length < 2 ? undefined : calls[1].at_ms - calls[0].at_ms;
  const inTime = gap_ms >= WAIT_S * 1000 - 100;
  const wait = gap_ms === undefined ? '' : inTime ? ', waited as asked' : ', asked again too early';
  return seen(`${status} after ${plural(calls.length, 'call')}${wait}`, {
    'answered by the second call': status === 200 && calls.length === 2,
    'not before the time that was named': inTime,
    'and not long after it': gap_ms < (WAIT_S + 6) * 1000,
  });
};

const tried = (id, expected) => async (t) => {
  const { status } = await t.ask(chat(id), { most_ms: 15_000 });
  const { calls } = t.seller.of(id);
  return seen(`${status} after ${plural(calls.length, 'call')}`, {
    [`${expected.status} after ${expected.calls}`]: status === expected.status && calls.length === expected.calls,
  });
};

export default [
  {
    id: 'rate-limited',
    trap: 6,
    title: '429 with Retry-After and x-ratelimit headers, and no retries set',
    requires: 'all of them reach the client, after 1 call',
    models: {
      'rate-limited': json(LIMITED, 429, { 'retry-after': '7', 'x-ratelimit-remaining-requests': '0' }),
    },
    async run(t) {
      const { status, headers } = await t.ask(chat('rate-limited'));
      const passed = headers['retry-after'] === '7' && headers['x-ratelimit-remaining-requests'] === '0';
      const { length } = t.seller.of('rate-limited').calls;
      return seen(`${status} after ${plural(length, 'call')}, headers ${passed ? 'passed' : 'not passed'}`, {
        'status 429 after 1 call': status === 429 && length === 1,
        'headers passed': passed,
      });
    },
  },
  {
    id: 'retry-after-seconds',
    trap: 6,
    title: `Before a retry, Retry-After: ${WAIT_S}`,
    requires: 'is waited for',
    policy: 'retries',
    models: {
      'retry-after-seconds': inTurn(json(LIMITED, 429, { 'retry-after': String(WAIT_S) }), whole('Hi')),
    },
    run: waited('retry-after-seconds'),
  },
  {
    id: 'retry-after-date',
    trap: 6,
    title: 'Before a retry, Retry-After as an HTTP date',
    requires: 'is waited for',
    policy: 'retries',
    models: {
      'retry-after-date': inTurn(
        json(LIMITED, 429, () => ({ 'retry-after': inSeconds() })),
        whole('Hi'),
      ),
    },
    run: waited('retry-after-date'),
  },
  {
    id: 'retry-after-spent',
    trap: 6,
    title: '429 with Retry-After: 1 for ever, 2 retries set that heed it',
    requires: '429 with Retry-After after 3 calls',
    policy: 'retries',
    models: { 'retry-after-spent': json(LIMITED, 429, { 'retry-after': '1' }) },
    async run(t) {
      const { status, headers } = await t.ask(chat('retry-after-spent'), { most_ms: 15_000 });
      const { length } = t.seller.of('retry-after-spent').calls;
      const passed = headers['retry-after'] === '1';
      return seen(`${status} after ${plural(length, 'call')}${passed ? ', Retry-After passed' : ''}`, {
        'status 429 after 3 calls': status === 429 && length === 3,
        'Retry-After passed': passed,
      });
    },
  },
  {
    id: 'retries-counted',
    trap: 5,
    title: '503 for ever, 2 retries set',
    requires: '3 calls, then the error',
    policy: 'retries',
    models: { 'retries-counted': json(error('server_error'), 503) },
    run: tried('retries-counted', { status: 503, calls: 3 }),
  },
  {
    id: 'quota',
    trap: 7,
    title: '429 `insufficient_quota`, 2 retries set',
    requires: '1 call: a quota that is used up does not come back in seconds',
    policy: 'retries',
    models: { quota: json(error('insufficient_quota'), 429) },
    run: tried('quota', { status: 429, calls: 1 }),
  },
  {
    id: 'overloaded',
    trap: 5,
    title: '529 (overloaded) once, 2 retries set',
    requires: 'answered by the second call',
    policy: 'retries',
    models: { overloaded: inTurn(json(error('overloaded_error'), 529), whole('Hi')) },
    run: tried('overloaded', { status: 200, calls: 2 }),
  },
  {
    id: 'bad-request',
    trap: 5,
    title: 'With a spare seller, the first answers 400',
    requires: 'the client’s own mistake is told and not sent to the spare',
    policy: 'fallback',
    models: pair('bad-request', json(ODD, 400)),
    async run(t) {
      const { status } = await t.ask(chat('bad-request'));
      const [first, spare] = callsOf(t, 'bad-request');
      return seen(`${status}; first ${plural(first, 'call')}, spare ${spare}`, {
        '400 after 1 call': status === 400 && first === 1 && spare === 0,
      });
    },
  },
  {
    id: 'gateway-timeout',
    trap: 4,
    title: '504 once, which may come after the work was done and billed; 2 retries set',
    requires: 'not repeated by default, or under one idempotency key; logged as billing unknown',
    policy: 'retries',
    models: { 'gateway-timeout': inTurn(json(error('timeout'), 504), whole('Hi')) },
    async run(t) {
      await t.ask(chat('gateway-timeout'), { most_ms: 10_000 });
      const { calls } = t.seller.of('gateway-timeout');
      const [row] = (await t.log('gateway-timeout')) ?? [{ billing: 'unknown' }];
      return seen(`${plural(calls.length, 'call')}${keysOf(calls)}`, {
        'once, or under one key': calls.length === 1 || isOneKey(calls),
        'logged as unknown': row.billing === 'unknown' && row.cost_usd === undefined,
      });
    },
  },
  {
    id: 'retry-key',
    trap: 4,
    title: '503 once, 2 retries set',
    requires: 'both calls carry one idempotency key; the log has a row and a billing state for each',
    policy: 'retries',
    models: { 'retry-key': inTurn(json(error('server_error'), 503), whole('Hi')) },
    async run(t) {
      await t.ask(chat('retry-key'), { most_ms: 10_000 });
      const { calls } = t.seller.of('retry-key');
      const log = await t.log('retry-key', 2);
      return seen(`${plural(calls.length, 'call')}${keysOf(calls)}`, {
        'one key': calls.length === 2 && isOneKey(calls),
        'logged as refused, then billed':
          log === undefined || log.map(({ billing }) => billing).join() === 'refused,billed',
      });
    },
  },
  {
    id: 'silent-seller',
    trap: 15,
    title: 'The seller takes the request and never answers',
    requires: 'the client is told in time, the seller’s connection is closed, 1 call, logged as a timeout',
    policy: 'timeouts',
    models: { 'silent-seller': silent },
    async run(t) {
      const answered = await t.ask(chat('silent-seller'), { most_ms: 9000 });
      const isClosed = await t.closed('silent-seller');
      const { length } = t.seller.of('silent-seller').calls;
      const [row] = (await t.log('silent-seller')) ?? [{ outcome: 'timeout', billing: 'unknown' }];
      return seen(`${ended(answered)}, ${plural(length, 'call')}, ${isClosed ? 'closed' : 'open'} at the seller`, {
        'a status of 408 or 504': answered.status === 504 || answered.status === 408,
        'closed at the seller': isClosed,
        '1 call': length === 1,
        'logged as a timeout that may be billed': row.outcome === 'timeout' && row.billing === 'unknown',
      });
    },
  },
  {
    id: 'html-503',
    trap: 18,
    title: '503 with a page of HTML',
    requires: '503 with an error object that clients read',
    reads: true,
    models: { 'html-503': html },
    async run(t) {
      const answered = await t.ask(chat('html-503'));
      const shape =
        answered.text === PAGE ? 'the page as it came' : errorOf(answered) ? 'an error object' : 'other JSON';
      return seen(`${answered.status}, ${shape}`, {
        '503 with an error object': answered.status === 503 && errorOf(answered) !== undefined,
      });
    },
  },
  {
    id: 'reset',
    trap: 18,
    title: 'The seller resets the connection before it answers',
    requires: '502 to 504 with an error object that names no address and nothing of the gateway’s inside',
    models: { reset },
    async run(t) {
      const answered = await t.ask(chat('reset'));
      const { text, status } = answered;
      const leaks = /127\.0\.0\.1|socket|und_err/i.test(text);
      const shape = status === 0 ? '' : errorOf(answered) ? ', an error object' : ', no error object';
      return seen(`${ended(answered)}${shape}${leaks ? ', tells of its inside' : ''}`, {
        'status 502 to 504': status >= 502 && status <= 504,
        'an error object': errorOf(answered) !== undefined,
        'nothing of its inside': !leaks,
      });
    },
  },
  {
    id: 'error-bytes',
    trap: 18,
    title: '400 with an error in unusual spacing',
    requires: 'the same bytes at the client',
    models: { 'error-bytes': json(ODD, 400) },
    async run(t) {
      const { status, text } = await t.ask(chat('error-bytes'));
      return seen(`${status}, ${text === ODD ? 'the same bytes' : 'rewritten'}`, {
        'the same bytes': status === 400 && text === ODD,
      });
    },
  },
  {
    id: 'bad-json',
    trap: 18,
    title: 'The client’s own body is no JSON',
    requires: '400 with an error object, and the seller is not asked',
    reads: true,
    models: {},
    async run(t) {
      const answered = await t.ask('{"model":');
      const { length } = t.seller.of(UNREADABLE).calls;
      return seen(
        `${answered.status}, ${errorOf(answered) ? 'an error object' : 'no error object'}, ${plural(length, 'call')}`,
        {
          '400 with an error object': answered.status === 400 && errorOf(answered) !== undefined,
          'the seller is not asked': length === 0,
        },
      );
    },
  },
  {
    id: 'weights-zero',
    trap: 26,
    title: 'All weights are 0',
    requires: 'refused at the start, or an error; no request hangs',
    policy: 'weights',
    alone: true,
    models: { 'weights-zero-first': whole('Hi'), 'weights-zero-spare': whole('Hi') },
    async run(t) {
      try {
        const answered = await t.ask(chat('weights-zero'), { most_ms: 4000 });
        return seen(ended(answered), { 'an answer': answered.status !== 0 });
      } catch (failure) {
        return seen('refused at the start', { 'says why': /weights sum to 0/.test(failure.message) });
      }
    },
  },
  {
    id: 'all-open',
    trap: 26,
    title: 'The breaker of the only route is open',
    requires: '503 with an error object and Retry-After, and the seller is not asked',
    policy: 'breaker',
    models: { 'all-open': json(error('server_error'), 500) },
    async run(t) {
      await t.ask(chat('all-open'));
      const answered = await t.ask(chat('all-open'));
      const { length } = t.seller.of('all-open').calls;
      const retryAfter = answered.headers['retry-after'];
      return seen(
        `${answered.status}, ${retryAfter === undefined ? 'no Retry-After' : 'Retry-After'}, ${plural(length, 'call')}`,
        {
          '503 with Retry-After': answered.status === 503 && Number(retryAfter) >= 1,
          'an error object': errorOf(answered) !== undefined,
          'the seller is not asked again': length === 1,
          'the metrics say open':
            (await t.metric('tollgate_breaker_state', { route: 'all-open', state: 'open' })) === 1,
        },
      );
    },
  },
  {
    id: 'half-open',
    trap: 26,
    title: 'After the cooldown, three requests at once',
    requires: 'one probe reaches the seller; when it succeeds, the route is back',
    policy: 'breaker',
    models: { 'half-open': inTurn(json(error('server_error'), 500), after(1500, json(answer()))) },
    async run(t) {
      await t.ask(chat('half-open'));
      await new Promise((resolve) => setTimeout(resolve, t.cooldown_ms + 150));
      const three = await Promise.all([1, 2, 3].map(() => t.ask(chat('half-open'))));
      const { length } = t.seller.of('half-open').calls;
      await until(
        async () => (await t.metric('tollgate_breaker_state', { route: 'half-open', state: 'closed' })) === 1,
      );
      const { status } = await t.ask(chat('half-open'));
      return seen(`statuses ${three.map((one) => one.status).sort()}, then ${status}`, {
        'one probe': length === 2 && three.filter((one) => one.status === 200).length === 1,
        'the others are told to wait': three.filter((one) => one.status === 503).length === 2,
        'the route is back': status === 200,
      });
    },
  },
];

const keyOf = ({ headers }) => headers['idempotency-key'];
const isOneKey = (calls) => keyOf(calls[0]) !== undefined && calls.every((call) => keyOf(call) === keyOf(calls[0]));
const keysOf = (calls) => (calls.length < 2 ? '' : isOneKey(calls) ? ' under one key' : ' without a common key');
