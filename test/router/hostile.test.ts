/** Clients that send what no library would: a typed answer wherever HTTP allows one, bounded memory, and the next request works. */
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { type Heard, head, often, type Sending, speak, wait } from './raw-client.ts';
import { ANSWER, ask, CHAT, KEY } from './setting.ts';
import { logRows, useStage, type WatchedRouter } from './three-views.ts';
import { after, json } from './upstream.ts';

const stage = useStage();
const { alpha } = stage;

const listen = { port: 0, headers_timeout: '700 ms', body_timeout: '900 ms', body_bytes: 1_048_576 };
let router: WatchedRouter;
const open = async (more: object = {}): Promise<void> => {
  alpha.script(json(ANSWER));
  router = await stage.open({ policy: 'a' }, { listen, ...more });
};

/** Whatever was sent, an ordinary request is served next. */
afterEach(async () => {
  if (router === undefined) return;
  expect((await ask(router, CHAT)).status).toBe(200);
  expect(router.bugs).toEqual([]);
});

const POST = 'POST /v1/chat/completions HTTP/1.1';
const JSON_HEAD = [`authorization: Bearer ${KEY}`, 'content-type: application/json'];
const withBody = (body: string | Buffer, ...lines: string[]): Sending[] => [
  `${head(POST, ...JSON_HEAD, ...lines, `content-length: ${Buffer.byteLength(body)}`)}\r\n\r\n`,
  body,
];
const CLOSE = 'connection: close';
const chat = JSON.stringify(CHAT);

/** An error that OpenAI's clients read, and nobody was asked. */
function isRefused({ statuses, body, text }: Heard, status: number, code?: string): void {
  expect([statuses[0], text.slice(0, 300)]).toEqual([status, expect.anything()]);
  expect(body, text.slice(0, 300)).toEqual({
    error: {
      message: expect.any(String),
      type: 'invalid_request_error',
      param: body?.error?.param ?? null,
      code: code ?? expect.any(String),
    },
  });
  expect(text).toMatch(/^content-type: application\/json/im);
  expect(alpha.calls).toHaveLength(0);
}

async function mostMemory(act: () => Promise<Heard>): Promise<[Heard, number]> {
  const from = process.memoryUsage.rss();
  let most = from;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 10);
  const heard = await act();
  clearInterval(timer);
  return [heard, (most - from) / 1e6];
}

describe('a body of 100 MB', () => {
  const block = Buffer.alloc(65_536, 'x');
  const lengths: [string, string, Buffer][] = [
    ['declared', 'content-length: 104857600', block],
    ['in chunks', 'transfer-encoding: chunked', Buffer.concat([Buffer.from('10000\r\n'), block, Buffer.from('\r\n')])],
    ['declared, after 100-continue', 'content-length: 104857600\r\nexpect: 100-continue', block],
  ];
  test.each(lengths)('%s is refused by its limit and held nowhere', async (_, length, part) => {
    await open({ listen: { ...listen, body_timeout: '20 s' } });
    const [heard, rss_mb] = await mostMemory(() =>
      speak(router, [`${head(POST, ...JSON_HEAD, length)}\r\n\r\n`, often(part, 1600)]),
    );
    const statuses = heard.statuses.filter((status) => status !== 100);
    isRefused({ ...heard, statuses }, 413, 'request_too_large');
    expect(rss_mb).toBeLessThan(80);
  });
});

describe('a client that is slow', () => {
  test('with its headers is told so', async () => {
    await open();
    isRefused(await speak(router, [head(POST, ...JSON_HEAD)], 5000), 408, 'request_timeout');
  });

  test('with its headers, a line at a time, is told so as well', async () => {
    await open();
    const drip = Array.from({ length: 30 }, (_, i) => [`x-${i}: 1\r\n`, wait(100)]).flat();
    const heard = await speak(router, [`${head(POST)}\r\n`, ...drip], 5000);
    isRefused(heard, 408, 'request_timeout');
    expect(heard.ms).toBeLessThan(5000);
  });

  test('with its body is told so', async () => {
    await open();
    isRefused(await speak(router, [`${head(POST, ...JSON_HEAD, 'content-length: 99')}\r\n\r\n{`], 5000), 408);
  });
});

describe('headers', () => {
  const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `x-${i}: 1`);
  const cases: [string, string[], number, string][] = [
    ['10,000 of them', many(10_000), 431, 'headers_too_large'],
    ['more than are read, though small', many(100), 431, 'headers_too_large'],
    ['one of 100 KB', [`x: ${'x'.repeat(100_000)}`], 431, 'headers_too_large'],
    ['one with a NUL', ['x: a\0b'], 400, 'invalid_http'],
    ['one without a name', [': x'], 400, 'invalid_http'],
    ['one with a space before its colon', ['x-a : 1'], 400, 'invalid_http'],
    ['two lengths', ['content-length: 5', 'content-length: 6'], 400, 'invalid_http'],
    ['a length and chunks', ['content-length: 5', 'transfer-encoding: chunked'], 400, 'invalid_http'],
    ['a length below 0', ['content-length: -1'], 400, 'invalid_http'],
    ['chunks inside another encoding', ['transfer-encoding: chunked, gzip'], 400, 'invalid_http'],
  ];
  test.each(cases)('%s', async (_, lines, status, code) => {
    await open();
    isRefused(await speak(router, [`${head(POST, ...JSON_HEAD, ...lines)}\r\n\r\n`, '0\r\n\r\n']), status, code);
  });

  test('a request after a length and chunks is not smuggled past', async () => {
    await open();
    const smuggled = `0\r\n\r\n${withBody(chat).join('')}`;
    const lines = ['content-length: 5', 'transfer-encoding: chunked'];
    const { statuses } = await speak(router, [`${head(POST, ...JSON_HEAD, ...lines)}\r\n\r\n${smuggled}`]);
    expect([statuses, alpha.calls.length]).toEqual([[400], 0]);
  });

  test('one host or none, and never one that is an address', async () => {
    await open();
    isRefused(await speak(router, [`${POST}\r\n${JSON_HEAD.join('\r\n')}\r\n\r\n`]), 400);
    for (const host of ['evil.example', 'a b', '127.0.0.1:1@evil', '[::1', '..', ''])
      await speak(router, [
        `${POST}\r\nhost: ${host}\r\n${JSON_HEAD.join('\r\n')}\r\n${CLOSE}\r\ncontent-length: 2\r\n\r\n{}`,
      ]);
    expect(alpha.calls).toHaveLength(0);
  });

  test('an expectation that nobody has is refused, 100-continue is met', async () => {
    await open();
    isRefused(await speak(router, withBody(chat, 'expect: 200-maybe', CLOSE)), 417, 'expectation_failed');
    const { statuses } = await speak(router, withBody(chat, 'expect: 100-continue', CLOSE));
    expect(statuses).toEqual([100, 200]);
  });

  test('of the router’s own that a client sends go no further', async () => {
    await open();
    const own = {
      'x-tollgate-cost-usd': '0',
      'x-tollgate-route': 'b',
      'x-tollgate-request': 'mine',
      'x-tollgate-attempts': '9',
    };
    const { headers } = await ask(router, CHAT, { headers: own });
    expect(headers).toMatchObject({
      'x-tollgate-route': 'a',
      'x-tollgate-attempts': '1',
      'x-tollgate-cost-usd': '0.006',
    });
    expect(headers['x-tollgate-request']).not.toBe('mine');
    expect(Object.keys(alpha.calls[0]!.headers).filter((name) => name.startsWith('x-tollgate'))).toEqual([]);
  });
});

describe('paths and methods', () => {
  const lines: [string, number][] = [
    ['POST //v1/chat/completions HTTP/1.1', 404],
    ['POST /v1/../v1/chat/completions HTTP/1.1', 404],
    ['POST /v1/%2e%2e/v1/chat/completions HTTP/1.1', 404],
    ['POST /v1/chat%2fcompletions HTTP/1.1', 404],
    ['POST /v1/chat/completions/ HTTP/1.1', 404],
    ['POST /V1/CHAT/COMPLETIONS HTTP/1.1', 404],
    ['POST /v1\\chat\\completions HTTP/1.1', 400],
    ['POST http://evil.example/v1/chat/completions HTTP/1.1', 400],
    ['POST http://[/v1 HTTP/1.1', 400],
    ['POST * HTTP/1.1', 400],
    ['GET /v1/chat/completions HTTP/1.1', 405],
    ['DELETE /v1/chat/completions HTTP/1.1', 405],
    ['TRACE /v1/chat/completions HTTP/1.1', 405],
    ['OPTIONS * HTTP/1.1', 400],
    ['CONNECT evil.example:443 HTTP/1.1', 405],
    ['GET /v1/models/%00%ff HTTP/1.1', 404],
    ['GET /v1/models/%E0%A4%A HTTP/1.1', 404],
    ['BREW /v1/chat/completions HTTP/1.1', 400],
    ['POST /v1/chat/completions HTTP/9.9', 400],
    ['nothing', 400],
  ];
  test.each(lines)('%s', async (line, status) => {
    await open();
    const heard = await speak(router, [`${head(line, ...JSON_HEAD, 'content-length: 0', CLOSE)}\r\n\r\n`]);
    const statuses = [404, 405].includes(status) && [404, 405].includes(heard.statuses[0]!) ? [status] : heard.statuses;
    isRefused({ ...heard, statuses }, status);
  });

  test('an upgrade is not made, HTTP/1.0 is answered and closed, and requests in a row are answered in a row', async () => {
    await open();
    const upgraded = await speak(router, withBody(chat, 'connection: upgrade, close', 'upgrade: websocket'));
    expect(upgraded.statuses).toEqual([200]);
    const old = await speak(router, [
      `${head('POST /v1/chat/completions HTTP/1.0', ...JSON_HEAD, `content-length: ${chat.length}`)}\r\n\r\n${chat}`,
    ]);
    expect(old.statuses).toEqual([200]);
    const row = await speak(router, [[...withBody(chat), ...withBody('{'), ...withBody(chat)].join('')]);
    expect(row.statuses).toEqual([200, 400, 200]);
    expect(alpha.calls).toHaveLength(4);
  });

  test('what is no request, behind one that waits for its answer, is not answered in its place', async () => {
    await open();
    alpha.script(after(300, json(ANSWER)));
    const { statuses } = await speak(router, [withBody(chat).join(''), wait(100), 'nonsense\r\n\r\n'], 1500);
    expect(statuses).toEqual([]);
    expect(await router.entry()).toMatchObject({ outcome: 'cancelled' });
  });

  test('a key in the address is none', async () => {
    await open();
    const line = `POST /v1/chat/completions?api_key=${KEY}&key=${KEY} HTTP/1.1`;
    const heard = await speak(router, [
      `${head(line, 'content-type: application/json', 'content-length: 2', CLOSE)}\r\n\r\n{}`,
    ]);
    isRefused(heard, 401, 'invalid_api_key');
    expect(heard.text).not.toContain(KEY);
  });
});

describe('bodies', () => {
  const deep = (levels: number): string => `{"model":"a","x":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  const keys = Array.from({ length: 60_000 }, (_, i) => `"k${i}":1`).join();
  const bodies: [string, string | Buffer, number, string][] = [
    ['100,000 levels of lists', deep(100_000), 400, 'json_too_deep'],
    [
      '100,000 levels of objects',
      `{"model":"a","x":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
      400,
      'json_too_deep',
    ],
    ['levels that never close', `{"model":"a","x":${'['.repeat(500_000)}`, 400, 'json_too_deep'],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from('{"model":"a","x":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]),
      400,
      'invalid_json',
    ],
    [
      'a character that is written too long',
      Buffer.concat([Buffer.from('{"model":"a","x":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
      400,
      'invalid_json',
    ],
    ['UTF-16', Buffer.from(chat, 'utf16le'), 400, 'invalid_json'],
    ['a byte order mark', `\ufeff${chat}`, 400, 'invalid_json'],
    ['a NUL', chat.replace('Hello', 'Hel\0lo'), 400, 'invalid_json'],
    ['nothing', '', 400, 'invalid_json'],
    ['a key that stands twice', '{"model":"a","messages":[],"messages":[]}', 400, 'duplicate_key'],
    ['one of 60,000 keys that stands twice', `{"model":"a",${keys},"k59999":2}`, 400, 'duplicate_key'],
    ['a model that is no text', '{"model":{"toString":"a"}}', 400, 'model_missing'],
    ['a model that every object has', '{"model":"__proto__"}', 404, 'model_not_found'],
    ['another model that every object has', '{"model":"constructor"}', 404, 'model_not_found'],
  ];
  test.each(bodies)('%s', async (_, body, status, code) => {
    await open();
    const heard = await speak(router, withBody(body, CLOSE), 5000);
    isRefused(heard, status, code);
    expect(heard.ms).toBeLessThan(3000);
  });

  test('a body of 60,000 keys is read in a time that grows with its length', async () => {
    await open();
    const { statuses, ms } = await speak(router, withBody(`{"model":"a",${keys}}`, CLOSE), 8000);
    expect(statuses).toEqual([200]);
    expect(ms).toBeLessThan(2500);
  });

  const bomb = gzipSync(Buffer.alloc(100_000_000));
  const encodings: [string, string][] = [
    ['gzip', 'content-encoding: gzip'],
    ['twice', 'content-encoding: gzip, gzip'],
    ['another type', 'content-type: text/plain'],
  ];
  test.each(encodings)('%s: bytes that would unpack to 100 MB are not unpacked', async (_, line) => {
    await open();
    const lines = line.startsWith('content-type') ? [JSON_HEAD[0]!, line] : [...JSON_HEAD, line];
    const request = `${head(POST, ...lines, CLOSE, `content-length: ${bomb.length}`)}\r\n\r\n`;
    const [heard, rss_mb] = await mostMemory(() => speak(router, [request, bomb]));
    isRefused(heard, 415, 'unsupported_media_type');
    expect(rss_mb).toBeLessThan(60);
  });

  const odd: [string, string][] = [
    ['numbers without end', '"max_tokens":1e999,"n":1e999'],
    ['a negative 0', '"max_tokens":-0,"n":-0'],
    ['numbers below 0', '"max_tokens":-5,"n":-5'],
    ['the largest number', '"max_tokens":1.7976931348623157e308,"n":128'],
    ['texts where numbers belong', '"max_tokens":"1e9","n":"x"'],
    [
      'keys that every object has',
      '"__proto__":{"model":"b"},"constructor":{"prototype":{}},"metadata":{"__proto__":"x","constructor":"y"}',
    ],
    ['half a character', '"user":"\\ud800","metadata":{"feature":"\\udfff"}'],
    ['lines in names', '"user":"a\\r\\nx-evil: 1","metadata":{"feature":"b\\r\\n\\r\\nHTTP/1.1 200"}'],
    ['NULs in names', '"user":"a\\u0000b"'],
    ['options that are none', '"stream_options":"x","metadata":[1],"user":{}'],
  ];
  test.each(odd)('%s reach the seller as they came, and budgets hold', async (_, members) => {
    const budgets = [
      { name: 'day', period: 'day', soft: 100 },
      { name: 'user', per: 'user', period: 'day', soft: 1e6 },
    ];
    alpha.script(json(ANSWER));
    router = await stage.open({ policy: 'a', budgets }, { listen });
    const body = `{"model":"a",${members},"messages":[{"role":"user","content":"Hello"}]}`;
    const { statuses, text } = await speak(router, withBody(body, CLOSE));
    expect(text).not.toMatch(/^x-evil/im);
    for (const { reserved_nano_usd, spent_nano_usd } of router.router.parts.table.state.budgets) {
      expect([...reserved_nano_usd].every((usd) => usd === 0)).toBe(true);
      expect([...spent_nano_usd].every(Number.isFinite)).toBe(true);
    }
    expect(({} as { model?: string }).model).toBeUndefined();
    expect(statuses).toEqual([200]);
    expect(alpha.calls.map((call) => call.text)).toEqual([body.replace('"model":"a"', '"model":"m"')]);
  });
});

test('what is turned away before it is begun leaves no row, and is counted by the code of its error', async () => {
  await open();
  await speak(router, withBody('{', CLOSE));
  await speak(router, withBody(chat.replace('"a"', '"nobody"'), CLOSE));
  expect(await logRows(router)).toEqual([]);
  const metrics = await (await fetch(`${router.url}/metrics`)).text();
  for (const code of ['invalid_json', 'model_not_found'])
    expect(metrics).toMatch(new RegExp(`^tollgate_turned_away_total\\{.*"${code}".*\\} 1$`, 'm'));
});
