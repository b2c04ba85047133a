/**
 * A seller whose behaviour is chosen by the model's name, which every gateway carries on, and which counts what it is asked
 * and what it sends. Its counters are the oracle: no log of a gateway can say what was really asked of the seller.
 */
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * @param behaviours model -> (response, call, counts) that answers; `call` has headers, body, text, and n, the number of
 * calls so far, from 1
 */
export async function startSeller(behaviours) {
  const counted = new Map();
  const of = (model) => {
    if (!counted.has(model)) counted.set(model, { calls: [], chunks: 0, bytes: 0, brokenOff: 0 });
    return counted.get(model);
  };
  const server = createServer((request, response) => void serve(request, response));
  server.keepAliveTimeout = 30_000;

  async function serve(request, response) {
    const parts = [];
    response.on('error', () => {});
    request.on('error', () => {});
    try {
      for await (const part of request) parts.push(part);
    } catch {
      return;
    }
    const text = Buffer.concat(parts).toString('utf8');
    const body = parsed(text);
    const counts = of(body?.model ?? UNREADABLE);
    const { socket, headers } = request;
    const call = { text, body, headers, socket, n: counts.calls.push({ text, body, headers, at_ms: Date.now() }) };
    response.on('close', () => {
      if (!response.writableFinished) counts.brokenOff++;
    });
    const nothing = body === undefined ? json(error('invalid_json'), 400) : json(error('unknown_model'), 404);
    const behave = behaviours[body?.model] ?? nothing;
    await behave(response, call, counts);
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    of,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Where calls are counted whose body names no model. */
export const UNREADABLE = '';

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const error = (code, message = 'no') => ({ error: { message, type: code, param: null, code } });

export const json =
  (value, status = 200, headers = {}) =>
  (response) => {
    const given = typeof headers === 'function' ? headers() : headers;
    response.writeHead(status, { 'content-type': 'application/json', ...given });
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  };

/** Events in these chunks of bytes; a number is a pause. */
export const events =
  (chunks, end = 'end') =>
  async (response, _, counts) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.socket.setNoDelay(true);
    response.flushHeaders();
    for (const chunk of chunks) {
      if (response.destroyed) return;
      if (typeof chunk === 'number') await pause(chunk);
      else {
        response.write(chunk);
        counts.chunks++;
        await pause(0);
      }
    }
    if (end === 'end') response.end();
    else if (end === 'cut') response.socket?.end(() => response.socket?.destroy());
  };

/** The first calls one after the other, then the last for ever. */
export const inTurn =
  (...behaviours) =>
  (response, call, counts) =>
    behaviours[Math.min(call.n, behaviours.length) - 1](response, call, counts);

export const after = (ms, behaviour) => async (response, call, counts) => {
  await pause(ms);
  if (!response.destroyed) await behaviour(response, call, counts);
};

export const USAGE = { prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200 };
export const answer = (content = 'Hi', usage = USAGE) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage,
});

const chunk = (choices, more = {}) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices, ...more })}\n\n`;
const choice = (delta, finish_reason = null) => chunk([{ index: 0, delta, finish_reason }]);
export const ROLE = choice({ role: 'assistant', content: '' });
export const content = (text) => choice({ content: text });
export const STOP = choice({}, 'stop');
export const usageChunk = (usage = USAGE) => chunk([], { usage });
export const DONE = 'data: [DONE]\n\n';

/** A whole answer, as a stream where one is asked for; its text is `text`. */
export const whole = (text) => (response, call, counts) => {
  const behave = call.body.stream === true ? events([ROLE, content(text), STOP, DONE]) : json(answer(text));
  return behave(response, call, counts);
};
