/**
 * One request of the load generator and its answer, checked: status 200, a JSON body of the expected length, or a stream that
 * ends with [DONE]. Goes by undici's own handlers, the cheapest that it has, so that the load costs little beside the proxy.
 */
import { performance } from 'node:perf_hooks';
import { jsonAnswer } from './seller-answers.mjs';

const END = Buffer.from('data: [DONE]\n\n');
/** A delta that holds a token: the first chunk says the role alone, and may come earlier. */
const TOKEN = /"content":"[^"]/;

class Answer {
  #first_ms;
  #held = '';
  #status = 0;
  #bytes = 0;
  #tail = Buffer.alloc(0);
  #isStream;
  #settle;

  constructor(isStream, settle) {
    this.#isStream = isStream;
    this.#settle = settle;
  }

  onRequestStart() {}

  onResponseStart(_controller, status) {
    this.#status = status;
  }

  onResponseData(_controller, chunk) {
    this.#bytes += chunk.length;
    if (!this.#isStream) return;
    if (this.#first_ms === undefined) {
      this.#held += chunk.latin1Slice();
      if (TOKEN.test(this.#held)) this.#first_ms = performance.now();
    }
    this.#tail = (chunk.length < END.length ? Buffer.concat([this.#tail, chunk]) : chunk).subarray(-END.length);
  }

  onResponseEnd() {
    if (this.#status !== 200) this.#settle.reject(new Error(`status ${this.#status}`));
    else if (this.#isStream && !this.#tail.equals(END)) this.#settle.reject(new Error('a stream ended without [DONE]'));
    else if (!this.#isStream && this.#bytes < jsonAnswer.length)
      this.#settle.reject(new Error(`${this.#bytes} bytes in place of ${jsonAnswer.length}`));
    else this.#settle.resolve(this.#first_ms);
  }

  onResponseError(_controller, error) {
    this.#settle.reject(error);
  }
}

/** When the first token of a stream was there, on the clock of `performance.now()`; rejects where the answer was not right. */
export const ask = (pool, { headers, body, isStream }) =>
  new Promise((resolve, reject) => {
    const options = { method: 'POST', path: '/v1/chat/completions', headers, body, headersTimeout: 0, bodyTimeout: 0 };
    pool.dispatch(options, new Answer(isStream, { resolve, reject }));
  });
