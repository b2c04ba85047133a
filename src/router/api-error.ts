/** The router's own errors, in the shape that OpenAI's clients read. What a seller answers is passed on as it came instead. */

export interface ApiProblem {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly param?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown where a request can't be served, to be answered with what it says. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: ApiProblem;

  constructor(problem: ApiProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

export const badRequest = (code: string, message: string, param?: string): ApiError =>
  new ApiError({
    status: 400,
    type: 'invalid_request_error',
    code,
    message,
    ...(param === undefined ? {} : { param }),
  });

/** As Anthropic's clients read errors, where they asked for its messages. */
export type ErrorShape = 'openai' | 'anthropic';

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

export const anthropicType = (status: number): string =>
  ANTHROPIC_TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');

/** @param id of the request */
export function errorBody({ status, type, code, message, param }: ApiProblem, shape: ErrorShape, id: string): string {
  if (shape === 'openai') return JSON.stringify({ error: { message, type, param: param ?? null, code } });
  const error = { type: anthropicType(status), message, code, ...(param === undefined ? {} : { param }) };
  return JSON.stringify({ type: 'error', error, request_id: id });
}

/** Where clients look for the id of a request. */
export const idHeader = (shape: ErrorShape, id: string): Record<string, string> =>
  shape === 'openai' ? { 'x-request-id': id } : { 'request-id': id };
