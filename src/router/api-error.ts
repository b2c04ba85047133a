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

export function errorBody({ type, code, message, param }: ApiProblem, shape: ErrorShape = 'openai'): string {
  const error = { message, type, param: param ?? null, code };
  return JSON.stringify(shape === 'openai' ? { error } : { type: 'error', error });
}
