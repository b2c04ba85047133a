import { describe, expect, it } from 'vitest';
import { redaction } from '../../src/smoke/redact.ts';

const KEY = 'sk-canary-1234';
const { headers, text } = redaction([KEY]);

describe('what is kept as evidence', () => {
  it('has lengths in place of prompts and answers', () => {
    const body = { model: 'm', messages: [{ role: 'user', content: 'my secret prompt' }], max_tokens: 5 };
    expect(JSON.parse(text(JSON.stringify(body)))).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: '[16 characters]' }],
      max_tokens: 5,
    });
  });

  it('has them in the events of a stream too, one a line', () => {
    const lines = ['{"choices":[{"delta":{"content":"canary"}}]}', '[DONE]'].join('\n');
    expect(text(lines)).toBe('{"choices":[{"delta":{"content":"[6 characters]"}}]}\n[DONE]');
  });

  it('keeps the words of errors, without the key that they echo', () => {
    const error = JSON.stringify({ error: { message: `Incorrect key ${KEY}`, code: 'invalid_api_key' } });
    expect(text(error)).toBe('{"error":{"message":"Incorrect key [redacted]","code":"invalid_api_key"}}');
  });

  it('shortens vectors, arrays of texts and long answers', () => {
    expect(text(JSON.stringify({ embedding: [1, 2, 3, 4, 5, 6, 7, 8, 9], input: ['a', 'b'] }))).toBe(
      '{"embedding":"[9 numbers]","input":["[1 characters]","[1 characters]"]}',
    );
    expect(text('x'.repeat(5000))).toMatch(/^x{2000} … 5000 characters$/);
  });

  it('keeps headers that are known, and no key in them', () => {
    const found = headers({
      'x-request-id': 'r1',
      'set-cookie': ['a=b'],
      authorization: `Bearer ${KEY}`,
      'x-ratelimit-remaining-tokens': '5',
      'x-tollgate-route': KEY,
      'x-unknown': 'y',
    });
    expect(found).toEqual({
      'x-ratelimit-remaining-tokens': '5',
      'x-request-id': 'r1',
      'x-tollgate-route': '[redacted]',
    });
  });
});
