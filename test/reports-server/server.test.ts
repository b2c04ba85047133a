import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReportsServer, startReportsServer } from '../../src/reports-server/serve-reports.ts';
import { HOSTILE } from '../report/fixture.ts';
import { uncertainReport } from '../report/uncertainty-fixture.ts';
import { type Asking, ask } from './asking.ts';
import { emptyFolder, PAGE, putReport, reportNamed } from './shelf-of-reports.ts';

let root: string;
let outside: string;
let server: ReportsServer;
const bugs: unknown[] = [];
const get = (address: string, asking?: Asking) => ask(server.origin, address, asking);

beforeAll(async () => {
  root = emptyFolder();
  outside = emptyFolder();
  writeFileSync(path.join(outside, 'secret.csv'), 'secret');
  putReport(outside, 'foreign', 9, reportNamed('Foreign'));
  putReport(root, 'first', 1, reportNamed('Chat'));
  putReport(
    root,
    '2026/second',
    3,
    reportNamed('Chat', (report) => {
      report.assumptions[0]!.value *= 2;
      report.assumptions[0]!.source = 'https://example.com/other, seen later';
      report.strategies[0]!.by_component.token_charges! += 1000;
      report.strategies[0]!.total_usd! += 1000;
      report.strategies[0]!.npv_usd! += 900;
      report.traffic.requests += 5;
      report.provenance.price_book.prices[0]!.source = 'https://example.com/new-prices';
    }),
  );
  putReport(root, 'drawn & sure?', 2, { ...uncertainReport, scenario: { ...uncertainReport.scenario, name: 'Drawn' } });
  putReport(root, 'broken', 4, '{"schema_version": 1,');
  putReport(root, 'old', 5, '{"schema_version": 7}', null);
  putReport(root, 'large', 6, '');
  truncateSync(path.join(root, 'large/report.json'), 200_000_000);
  mkdirSync(path.join(root, 'first/charts'));
  writeFileSync(path.join(root, 'first/charts/ranking.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(path.join(root, 'first/.env'), 'KEY=1');
  writeFileSync(path.join(root, 'first/run.js'), 'alert(1)');
  writeFileSync(path.join(root, 'first/free.html'), '<title>no policy of its own</title><script>alert(1)</script>');
  writeFileSync(path.join(root, 'loose.csv'), 'of no report');
  server = await startReportsServer(root, 0, (error) => bugs.push(error));
});
afterAll(async () => {
  await server.close();
  expect(bugs).toEqual([]);
});

describe('the index', () => {
  it('lists all reports, the newest first, with what each says', async () => {
    const { status, body } = await get('/');
    expect(status).toBe(200);
    const order = ['large', 'old', 'broken', '2026/second', 'drawn &amp; sure?', 'first'].map((name) =>
      body.indexOf(`<dt>Folder</dt><dd>${name}</dd>`),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
    expect(body).toContain('<time datetime="2026-11-01T12:00:00.000Z">2026-11-01 12:00 UTC</time>');
    expect(body).toContain('cheapest in 83% of 2,000 draws');
    expect(body).toContain('not drawn');
    expect(body).toContain('36 months from Dec 2026');
    expect(body).toMatch(/<dt>Saving<\/dt><dd><span title="[\d.]+ USD">\$[\d,]+<\/span> less than direct<\/dd>/);
    expect(body).toContain('href="/reports/drawn%20%26%20sure%3F/report.html"');
  });

  it('says of what it can’t read why', async () => {
    const { body } = await get('/');
    expect(body).toContain('Can’t be read: report.json: has 200 MB; at most 64 MB are read');
    expect(body).toContain('Can’t be read: report.json: is no JSON');
    expect(body).toContain('Can’t be read: report.json schema_version: is 7; this version of Tollgate reads 1');
  });

  it('leads from a run to what changed since the run before it', async () => {
    const { body } = await get('/');
    expect(body).toContain('<a href="/compare?a=first&amp;b=2026%2Fsecond">what changed since first</a>');
  });

  it('searches without a script: all words, any letter case', async () => {
    const found = await get('/?q=CHAT%20second');
    expect(found.body).toContain('1 report with');
    expect(found.body).toContain('<dd>2026/second</dd>');
    expect(found.body).not.toContain('<dd>first</dd>');
    expect(found.body).not.toContain('<script');
    const none = await get(`/?q=${encodeURIComponent('"><script>alert(1)</script>')}`);
    expect(none.body).toContain('No report holds all of “&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;”');
  });

  it('shows hostile names as text, with marks that reorder it made visible', async () => {
    putReport(root, 'x\u202egnp"><img src=x>', 7, reportNamed(`${HOSTILE.closing}\u202e`));
    const { body } = await get('/');
    expect(body).toContain('&lt;/script&gt;&lt;/style&gt;&lt;/title&gt;&lt;img src=x onerror=alert(2)&gt;⟨U+202E⟩');
    expect(body).toContain('x⟨U+202E⟩gnp&quot;&gt;&lt;img src=x&gt;');
    expect(body).not.toContain('<img');
    expect(body).not.toContain('\u202e');
    rmSync(path.join(root, 'x\u202egnp"><img src=x>'), { recursive: true });
  });

  it('reads anew for each request', async () => {
    putReport(root, 'later', 8, reportNamed('Later'));
    expect((await get('/')).body).toContain('<dd>later</dd>');
    rmSync(path.join(root, 'later'), { recursive: true });
    expect((await get('/')).body).not.toContain('<dd>later</dd>');
  });

  it('does not follow links out of the folder', async () => {
    symlinkSync(path.join(outside, 'foreign'), path.join(root, 'linked'));
    mkdirSync(path.join(root, 'half'));
    symlinkSync(path.join(outside, 'foreign/report.json'), path.join(root, 'half/report.json'));
    const { body } = await get('/');
    expect(body).not.toContain('Foreign');
    expect(body).toContain('report.json is a link that leads out of the folder');
    rmSync(path.join(root, 'linked'));
    rmSync(path.join(root, 'half'), { recursive: true });
  });
});

describe('headers', () => {
  it('let pages of the server run, load and frame nothing, and nobody keep them', async () => {
    const { headers, body } = await get('/');
    const style = /<style>([\s\S]*?)<\/style>/.exec(body)![1]!;
    const digest = createHash('sha256').update(style).digest('base64');
    expect(headers).toMatchObject({
      'content-security-policy': `default-src 'none'; style-src 'sha256-${digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('give a report the policy that it carries, and ours beside it', async () => {
    const { headers, body } = await get('/reports/first/report.html');
    expect(body).toBe(PAGE);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'sha256-abc=', connect-src 'none'; frame-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
  });

  it('let a page without a policy of its own run nothing', async () => {
    const { headers } = await get('/reports/first/free.html');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*sandbox$/);
  });
});

describe('who may ask', () => {
  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '127.0.0.1:1', 'localhost', '[::1]'])(
    'refuses the Host "%s"',
    async (host) => {
      const { status, body } = await get('/', { headers: { host } });
      expect(status).toBe(421);
      expect(body).not.toContain('Chat');
    },
  );

  it('answers to localhost as to 127.0.0.1', async () => {
    expect((await get('/', { headers: { host: `localhost:${new URL(server.origin).port}` } })).status).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('refuses %s', async (method) => {
    expect(await get('/', { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  it('answers HEAD as GET, without the body', async () => {
    const [whole, head] = [
      await get('/reports/first/report.html'),
      await get('/reports/first/report.html', { method: 'HEAD' }),
    ];
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-security-policy']).toBe(whole.headers['content-security-policy']);
  });

  it('listens on this machine’s own address alone', () => {
    expect(server.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('refuses addresses and heads that are too long', async () => {
    expect((await get(`/?q=${'a'.repeat(5000)}`)).status).toBe(414);
    expect((await get('/', { headers: { 'x-long': 'a'.repeat(20_000) } })).status).toBe(431);
  });

  const said = (text: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
      let heard = '';
      socket.on('error', () => undefined).on('close', () => resolve(heard));
      socket.on('data', (part) => {
        heard += part;
      });
      socket.end(text);
    });

  it('refuses who names no Host', async () => {
    expect(await said('GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await said('GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  it('survives what is no HTTP', async () => {
    expect(await said('\u0000\u0001 nonsense\r\n\r\n')).not.toContain(' 200 ');
    expect((await get('/')).status).toBe(200);
  });
});

describe('files', () => {
  it.each([
    ['/reports/first/report.json', 'application/json; charset=utf-8'],
    ['/reports/first/charts/ranking.svg', 'image/svg+xml; charset=utf-8'],
    ['/reports/2026/second/report.html', 'text/html; charset=utf-8'],
    ['/reports/drawn%20%26%20sure%3F/report.html', 'text/html; charset=utf-8'],
  ])('of a report are served: %s', async (address, type) => {
    expect(await get(address)).toMatchObject({ status: 200, headers: { 'content-type': type } });
  });

  it('of a folder’s address lead to its report', async () => {
    for (const address of ['/reports/first', '/reports/first/'])
      expect(await get(address)).toMatchObject({ status: 302, headers: { location: '/reports/first/report.html' } });
  });

  it.each([
    '/reports/../secret.csv',
    '/reports/first/../../secret.csv',
    '/reports/first/%2e%2e/%2e%2e/secret.csv',
    '/reports/first/..%2f..%2fsecret.csv',
    '/reports/first/..%5c..%5csecret.csv',
    '/reports/first\\..\\..\\secret.csv',
    '/reports/%252e%252e/secret.csv',
    '/reports//first/report.html',
    '/reports/first/./report.html',
    '/reports/first/report.json%00.html',
    '/reports/first/%c0%ae%c0%ae/report.html',
    '/reports/first/.env',
    '/reports/first/run.js',
    '/reports/first/nothing.csv',
    '/reports/loose.csv',
    '/reports/first/charts',
    '/reports',
    '/nowhere',
    'http://evil.example/reports/first/report.html',
    'http:/reports/first/report.html',
    '*',
  ])('are nowhere else: %s', async (address) => {
    const { status, body } = await get(address);
    expect([400, 404]).toContain(status);
    expect(body).not.toMatch(/secret|page of a report/);
  });

  it('to which links lead out of the folder are not there, those that stay inside are', async () => {
    symlinkSync(path.join(outside, 'secret.csv'), path.join(root, 'first/out.csv'));
    symlinkSync(outside, path.join(root, 'first/away'));
    symlinkSync('report.json', path.join(root, 'first/same.json'));
    expect((await get('/reports/first/out.csv')).status).toBe(404);
    expect((await get('/reports/first/away/secret.csv')).status).toBe(404);
    expect((await get('/reports/first/away/foreign/report.html')).status).toBe(404);
    expect((await get('/reports/first/same.json')).status).toBe(200);
  });

  it.skipIf(process.platform === 'win32')('that are pipes are not waited for', async () => {
    expect(spawnSync('mkfifo', [path.join(root, 'first/pipe.csv')]).status).toBe(0);
    expect((await get('/reports/first/pipe.csv')).status).toBe(404);
    mkdirSync(path.join(root, 'piped'));
    expect(spawnSync('mkfifo', [path.join(root, 'piped/report.json')]).status).toBe(0);
    expect((await get('/')).body).toContain('is no plain file');
    rmSync(path.join(root, 'piped'), { recursive: true });
  });

  it('of more than 64 MB are told of, not sent', async () => {
    const { status, body } = await get('/reports/large/report.json');
    expect(status).toBe(403);
    expect(body).toContain('It has 200 MB; at most 64 MB are shown.');
  });
});

describe('/compare', () => {
  it('puts two runs side by side and says what moved', async () => {
    const { status, body } = await get('/compare?a=first&b=2026%2Fsecond');
    expect(status).toBe(200);
    expect(body).toContain('<h1>Chat: two runs</h1>');
    expect(body).toContain('the recommendation stands (mixed &lt;b&gt;&amp; co&lt;/b&gt;)');
    expect(body).toContain('direct costs $1,000 more in total: token charges +$1,000.');
    expect(body).toContain('<small>+$900 (');
    expect(body).toContain(
      '<a href="https://example.com/other" rel="noopener noreferrer">https://example.com/other</a>, seen later',
    );
    expect(body).toContain('<a href="https://example.com/new-prices"');
    expect(body).toContain('requests in the window');
    expect(body).not.toContain('<script');
  });

  it('takes a third', async () => {
    const { status, body } = await get('/compare?a=first&b=2026%2Fsecond&c=drawn%20%26%20sure%3F');
    expect(status).toBe(200);
    expect(body).toContain('C · Drawn');
    expect(body).toContain('From A to C:');
  });

  it('says that nothing changed where nothing did', async () => {
    putReport(root, 'again', 2, reportNamed('Chat'));
    const { body } = await get('/compare?a=first&b=again');
    expect(body).toContain('<strong>From A to B:</strong> nothing changed.');
    rmSync(path.join(root, 'again'), { recursive: true });
  });

  it('gives what was ticked an address, the oldest first', async () => {
    expect(await get('/compare?report=2026%2Fsecond&report=first')).toMatchObject({
      status: 303,
      headers: { location: '/compare?a=first&b=2026%2Fsecond' },
    });
  });

  it.each([
    ['/compare?report=first', 400, '1 was chosen'],
    ['/compare', 400, 'two names of the list'],
    ['/compare?a=first&b=first', 400, 'two names of the list'],
    ['/compare?a=first&b=2026/secnd', 404, 'did you mean &quot;2026/second&quot;?'],
    ['/compare?a=first&b=../foreign', 404, 'is no report here'],
    ['/compare?a=first&b=broken', 422, 'broken: report.json: is no JSON'],
    ['/compare?a=first&b=large', 422, 'has 200 MB'],
  ])('says what is wrong with %s', async (address, status, words) => {
    const answer = await get(address);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(words);
  });
});
