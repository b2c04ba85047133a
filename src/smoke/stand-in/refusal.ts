/** A request that the stand-in refuses: status, and the error's words in the shape of either API. Nothing of it is billed. */
import type { StandInApi } from './spec.ts';

export interface Refusal {
  readonly status: number;
  readonly message: string;
  /** OpenAI's code; its type and Anthropic's follow from the status. */
  readonly code?: string;
  readonly param?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<StandInApi, Readonly<Record<number, string>>>> = {
  openai: { 401: 'invalid_request_error', 429: 'requests', 500: 'server_error', 503: 'server_error' },
  anthropic: {
    401: 'authentication_error',
    404: 'not_found_error',
    413: 'request_too_large',
    429: 'rate_limit_error',
    500: 'api_error',
    503: 'overloaded_error',
  },
};

export function refusalBody(api: StandInApi, { status, message, code, param }: Refusal, request_id: string): object {
  const type = TYPES[api][status] ?? 'invalid_request_error';
  return api === 'anthropic'
    ? { type: 'error', error: { type, message }, request_id }
    : { error: { message, type, param: param ?? null, code: code ?? null } };
}

export const isRefusal = (found: object): found is Refusal => 'status' in found && 'message' in found;

export const badRequest = (message: string, param?: string, code?: string): Refusal => ({
  status: 400,
  message,
  ...(param === undefined ? {} : { param }),
  ...(code === undefined ? {} : { code }),
});

export const NO_KEY: Refusal = {
  status: 401,
  message: 'Incorrect API key provided.',
  code: 'invalid_api_key',
};

export const NO_SUCH_REQUEST: Refusal = {
  status: 404,
  message: 'There is no such generation.',
  code: 'not_found',
};

export const OTHER_REQUEST: Refusal = {
  status: 400,
  message: 'This idempotency key was used with another request.',
  code: 'idempotency_key_reused',
};

export const tooLong = (bytes: number): Refusal => ({
  status: 413,
  message: `The request is longer than ${bytes} bytes.`,
  code: 'request_too_large',
});

export const tooMany = (wait_s: number): Refusal => {
  const seconds = Math.max(1, Math.ceil(wait_s));
  return {
    status: 429,
    message: `Rate limit reached. Please try again in ${seconds}s.`,
    code: 'rate_limit_exceeded',
    headers: { 'retry-after': String(seconds), 'retry-after-ms': String(Math.ceil(wait_s * 1000)) },
  };
};

export const outOfOrder = (detail: number): Refusal =>
  detail < 0.5
    ? { status: 500, message: 'The server had an error while processing your request.' }
    : { status: 503, message: 'The engine is currently overloaded, please try again later.' };
