/** curl as people type it. */
import { execFile, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { json } from '../../router/upstream.ts';
import {
  ANSWER,
  ASK_WEATHER,
  brokenOff,
  type ClientSetting,
  clientSetting,
  cut,
  embeddings,
  endless,
  GREETING,
  KEY,
  MOCK,
  REFUSAL,
  refusal,
  SAY_HELLO,
  SCRIPTED,
  VECTOR,
  WEATHER,
} from './setting.ts';

const isHere = spawnSync('curl', ['--version'], { timeout: 10_000 }).status === 0;
if (!isHere) console.log('curl skipped: there is none on this machine');

let setting: ClientSetting;

beforeAll(async () => {
  setting = await clientSetting();
});
beforeEach(() => setting.reset());
afterAll(() => setting.close());

interface Run {
  readonly exit: number;
  readonly out: string;
  readonly status: number;
}

/** `-d` with JSON, as in every quick start. */
function curl(path: string, body: object | string | undefined, ...more: string[]): Promise<Run> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const data = body === undefined ? [] : ['-d', text, '-H', 'Content-Type: application/json'];
  const args = [
    '-sS',
    '-N',
    '-m',
    '20',
    '-w',
    '\n%{http_code}',
    '-H',
    `Authorization: Bearer ${KEY}`,
    ...data,
    ...more,
  ];
  return new Promise((resolve) => {
    const child = execFile('curl', [...args, setting.router.url + path], { timeout: 30_000 }, (_, stdout) => {
      const at = stdout.lastIndexOf('\n');
      resolve({ exit: child.exitCode ?? -1, out: stdout.slice(0, at), status: Number(stdout.slice(at + 1)) });
    });
  });
}

const asking = (model: string, text: string, more: object = {}) => ({
  model,
  messages: [{ role: 'user', content: text }],
  ...more,
});
const dataOf = (events: string): string[] => [...events.matchAll(/^data: (.*)$/gm)].map(([, data]) => data ?? '');

describe.skipIf(!isHere)('curl', () => {
  test('chats, whole and streamed', async () => {
    const { exit, out, status } = await curl('/v1/chat/completions', asking(MOCK, SAY_HELLO));
    expect([exit, status, JSON.parse(out).choices[0].message.content]).toEqual([0, 200, GREETING]);
    const streamed = await curl(
      '/v1/chat/completions',
      asking(MOCK, SAY_HELLO, { stream: true, stream_options: { include_usage: true } }),
    );
    const events = dataOf(streamed.out);
    expect([streamed.exit, events.at(-1)]).toEqual([0, '[DONE]']);
    const chunks = events.slice(0, -1).map((data) => JSON.parse(data));
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(GREETING);
    expect(chunks.at(-1).usage).toMatchObject({ total_tokens: 18, cost: expect.any(Number) });
  });

  test('calls tools', async () => {
    const { out } = await curl('/v1/chat/completions', asking(MOCK, ASK_WEATHER));
    expect(JSON.parse(JSON.parse(out).choices[0].message.tool_calls[0].function.arguments)).toEqual(WEATHER);
  });

  test('asks for embeddings and models', async () => {
    setting.seller.script(embeddings);
    const found = await curl('/v1/embeddings', { model: SCRIPTED, input: 'one' });
    expect(JSON.parse(found.out).data[0].embedding).toEqual(VECTOR);
    const { out, status } = await curl('/v1/models', undefined);
    expect([status, JSON.parse(out).data.some(({ id }: { id: string }) => id === MOCK)]).toEqual([200, true]);
  });

  test('that waits for leave to send a long body, or asks for HTTP/2 or compression, is served', async () => {
    setting.seller.script(json(ANSWER));
    for (const more of [
      ['-H', 'Expect: 100-continue'],
      ['--http2'],
      ['--compressed'],
      ['-H', 'Transfer-Encoding: chunked'],
      ['--http1.0'],
    ]) {
      const { exit, status, out } = await curl('/v1/chat/completions', asking(SCRIPTED, 'x'.repeat(50_000)), ...more);
      expect([more, exit, status, JSON.parse(out).id]).toEqual([more, 0, 200, 'chatcmpl-1']);
    }
  });

  test('that forgets the content type is told which to send', async () => {
    const { status, out } = await curl('/v1/chat/completions', undefined, '-d', JSON.stringify(asking(MOCK, 'x')));
    expect([status, JSON.parse(out).error.message]).toEqual([
      415,
      'the content type is "application/x-www-form-urlencoded"; expected application/json',
    ]);
  });

  test('gets a seller’s refusal byte for byte', async () => {
    setting.seller.script(refusal);
    const { status, out } = await curl('/v1/chat/completions', asking(SCRIPTED, 'x'));
    expect([status, out]).toEqual([400, REFUSAL]);
  });

  test('ends with an error where a stream broke off', async () => {
    setting.seller.script(cut(setting.seller));
    const { exit, out } = await curl('/v1/chat/completions', asking(SCRIPTED, 'x', { stream: true }));
    expect(exit).toBe(18);
    expect(out).toContain('"code":"stream_truncated"');
    expect(out).not.toContain('[DONE]');
  });

  test('that is stopped stops the seller', async () => {
    setting.seller.script(endless(setting.seller));
    await curl('/v1/chat/completions', asking(SCRIPTED, 'x', { stream: true }), '-m', '0.3');
    expect(await brokenOff(setting.seller)).toBe(1);
    expect(setting.seller.chunks).toBeLessThan(150);
  });
});
