/** The trap of secrets: a key or a prompt turns up where somebody reads it, because a seller or a client put it there. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ANSWER, type Answer, ask, CANARY, CHAT, content, DONE, KEY, ROLE, STOP, STREAM } from '../setting.ts';
import { useStage, type WatchedRouter } from '../three-views.ts';
import { type Behaviour, html, json, reset } from '../upstream.ts';

const stage = useStage();
const { alpha, beta } = stage;

const PROMPT = 'canary-prompt-8c1f';
const WRONG = 'canary-wrong-key-77aa';
const said: string[] = [];
for (const stream of [process.stdout, process.stderr])
  vi.spyOn(stream, 'write').mockImplementation((text) => said.push(String(text)) > 0);
afterEach(() => void said.splice(0));

/** Everything that anybody can read. */
async function readable(router: WatchedRouter, answers: readonly Answer[]): Promise<string> {
  const { entries, bugs, dir, url } = router;
  await router.router.flush();
  return [
    ...answers.flatMap(({ text, headers }) => [text, JSON.stringify(headers)]),
    JSON.stringify(entries),
    bugs.map((bug) => `${bug} ${(bug as Error).stack}`).join('\n'),
    await readFile(join(dir, 'log', 'usage-000001.jsonl'), 'utf8'),
    await (await fetch(`${url}/metrics`)).text(),
    JSON.stringify(router.router.parts.config),
    said.join(''),
  ].join('\n');
}

const echo = `Incorrect API key provided: ${CANARY}`;
const leak = { error: { message: echo, type: 'invalid_request_error', param: null, code: null } };
const inHeaders = {
  'x-request-id': CANARY,
  'openai-model': `m ${CANARY}`,
  'x-ratelimit-note': CANARY,
  location: CANARY,
};
const said_ = { choices: [{ index: 0, message: { role: 'assistant', content: echo }, finish_reason: 'stop' }] };

describe('trap 17, keys in logs and errors: a seller that repeats its key is not repeated', () => {
  const whole: [string, Behaviour][] = [
    ...[400, 401, 403, 404, 422, 429, 500, 503].map((status): [string, Behaviour] => [
      `an error with ${status}`,
      json(leak, status),
    ]),
    ['an error whose JSON escapes it', json(JSON.stringify(leak).replaceAll('-', '\\u002d'), 400)],
    ['an error inside a 200', json(leak)],
    ['a page of HTML', html(500)],
    ['no JSON', json(CANARY)],
    ['a redirect', json('{}', 302, { location: `http://127.0.0.1/?key=${CANARY}` })],
    ['headers of an answer', json(ANSWER, 200, inHeaders)],
    ['headers of an error', json({ error: { message: 'no' } }, 400, inHeaders)],
    ['an answer', json({ ...ANSWER, ...said_ })],
    ['a connection that breaks', reset],
  ];
  test.each(whole)('in %s', async (_, behaviour) => {
    const router = await stage.open({ policy: 'a' });
    alpha.script(behaviour);
    const { client, rows, moved, calls } = await router.see(() => ask(router, CHAT));
    expect([calls, alpha.calls[0]?.headers.authorization]).toEqual([[1, 0, 0], `Bearer ${CANARY}`]);
    expect([rows.length, moved('tollgate_attempts_total')]).toEqual([1, 1]);
    const text = await readable(router, [client]);
    expect(text).not.toContain(CANARY);
    expect(text.replaceAll('\\u002d', '-')).not.toContain(CANARY);
    expect(text).not.toContain(KEY);
  });

  const error = `data: ${JSON.stringify(leak)}\n\n`;
  const streams: [string, () => Behaviour][] = [
    ['the first event', () => alpha.events([error])],
    ['an error after content', () => alpha.events([ROLE, content('a'), error])],
    ['an error event that is split', () => alpha.events([ROLE, content('a'), error.slice(0, 70), error.slice(70)])],
    ['a comment', () => alpha.events([`: ${CANARY}\n\n`, content('a'), STOP, DONE])],
    ['content', () => alpha.events([ROLE, content(echo), STOP, DONE])],
    ['an event that breaks off', () => alpha.events([ROLE, content('a'), `data: {"x":"${CANARY}`], 'cut')],
  ];
  test.each(streams)('in %s of a stream', async (_, behaviour) => {
    const router = await stage.open({ policy: 'a' });
    alpha.script(behaviour());
    const { client, rows, moved, calls } = await router.see(() => ask(router, STREAM));
    expect([calls, rows.length, moved('tollgate_attempts_total')]).toEqual([[1, 0, 0], 1, 1]);
    const text = await readable(router, [client]);
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(KEY);
  });

  test('an answer without the key keeps its bytes, and one seller’s key reaches no other', async () => {
    const router = await stage.open();
    alpha.script(json({ error: { message: 'busy' } }, 503));
    beta.script(json({ ...ANSWER, usage: { ...ANSWER.usage, cost: 1 } }));
    const { client, calls } = await router.see(() => ask(router, CHAT));
    expect([client.text, calls]).toEqual([
      JSON.stringify({ ...ANSWER, usage: { ...ANSWER.usage, cost: 1 } }),
      [1, 1, 0],
    ]);
    expect(JSON.stringify(beta.calls[0])).not.toContain(CANARY);
  });

  test('keys of clients, right, wrong or in the address, and prompts stand nowhere', async () => {
    const router = await stage.open({ policy: 'a' });
    alpha.script(json(ANSWER), json({ error: { message: 'no' } }, 400), html(500));
    const body = { ...CHAT, messages: [{ role: 'user', content: PROMPT }] };
    const { answers, rows } = await router.see(async () => {
      const got = [];
      for (let i = 0; i < 3; i++) got.push(await ask(router, body, { path: `/v1/chat/completions?key=${KEY}` }));
      for (const authorization of [`Bearer ${WRONG}`, WRONG, `Basic ${WRONG}`])
        got.push(await ask(router, body, { headers: { authorization, 'x-api-key': WRONG } }));
      got.push(await ask(router, body, { path: `/v1/chat/completions/${KEY}` }));
      return got;
    }, 3);
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 500, 401, 401, 401, 404]);
    expect(rows).toHaveLength(3);
    expect(alpha.calls.map(({ path }) => path)).toEqual(Array.from({ length: 3 }, () => '/v1/chat/completions'));
    expect(JSON.stringify(alpha.calls.map(({ headers }) => headers))).not.toContain(KEY);
    const text = await readable(router, answers.slice(0, 6));
    for (const secret of [KEY, WRONG, PROMPT, CANARY]) expect(text).not.toContain(secret);
  });
});
