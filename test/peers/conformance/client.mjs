/** A client that sees bytes: tells a whole answer from one that broke off, and when each part of it came. */
import { request as httpRequest } from 'node:http';

/**
 * @param body object, or a text that is sent as it is
 * @param leaveAt leaves where this says so of the text so far; @param leaveAfter_ms leaves after so long
 * @param most_ms after which the client gives up; the answer's end is then `open`
 * @param onText told of the text so far, with each part
 */
export function ask(url, body, { headers = {}, leaveAt, leaveAfter_ms, most_ms = 8000, onText } = {}) {
  return new Promise((resolve) => {
    const parts = [];
    let head = { statusCode: 0, headers: {} };
    const finish = (end) => {
      for (const timer of timers) clearTimeout(timer);
      const bytes = Buffer.concat(parts);
      resolve({ status: head.statusCode, headers: head.headers, bytes, text: bytes.toString('utf8'), end });
      request.destroy();
    };
    const request = httpRequest(
      `${url}/v1/chat/completions`,
      { method: 'POST', agent: false, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        head = response;
        response.on('data', (part) => {
          parts.push(part);
          if (onText === undefined && leaveAt === undefined) return;
          const text = Buffer.concat(parts).toString('utf8');
          onText?.(text);
          if (leaveAt?.(text)) finish('left');
        });
        response.on('end', () => finish('whole'));
        response.on('error', () => finish('broken'));
      },
    );
    request.on('error', () => finish('broken'));
    const timers = [
      setTimeout(() => finish('open'), most_ms),
      ...(leaveAfter_ms === undefined ? [] : [setTimeout(() => finish('left'), leaveAfter_ms)]),
    ];
    request.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

export const chat = (model, more = {}) => ({ model, messages: [{ role: 'user', content: 'Hello' }], ...more });
export const stream = (model, more = {}) => chat(model, { stream: true, ...more });

const ENDS = { whole: 'clean end', broken: 'broken off', open: 'still open when the client gave up', left: 'left' };

/** "200, clean end" */
export const ended = ({ status, end }) => (status === 0 ? ENDS[end] : `${status}, ${ENDS[end]}`);

/** "200, broken off, no [DONE]" */
export const endedStream = (answer) =>
  [
    ended(answer),
    answer.text.includes('data: [DONE]') ? '[DONE]' : 'no [DONE]',
    ...(hasError(answer) ? ['error event'] : []),
  ].join(', ');

export const hasError = ({ text }) => /^event: error$|^data: \{.*"error":/m.test(text);

/** The error object of a JSON answer; undefined: it is none. */
export function errorOf({ text }) {
  try {
    const { error } = JSON.parse(text);
    return typeof error?.message === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}

export const plural = (count, one) => `${count} ${one}${count === 1 ? '' : 's'}`;
