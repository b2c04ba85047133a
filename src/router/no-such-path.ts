/**
 * What a client is told that asks for a path that is not here: mostly its base URL has a /v1 too few or too many, or it
 * chooses the Responses API by itself. Takes method and path, gives the error; it changes no request into another.
 */
import { ApiError } from './api-error.ts';
import { OPERATIONS } from './operations.ts';

const PATHS: readonly (readonly [method: string, path: string])[] = [
  ...OPERATIONS.map(({ path }) => ['POST', `/v1${path}`] as const),
  ['GET', '/v1/models'],
];
const MOST_CHARACTERS = 100;

export function noSuchPath(method: string, path: string): ApiError {
  const missing = `there is no ${method} ${path.slice(0, MOST_CHARACTERS)} here`;
  const methodOf = (other: string): string | undefined => PATHS.find(([, known]) => known === other)?.[0];
  const taken = methodOf(path);
  if (taken !== undefined) return refused(405, 'method_not_allowed', `${missing}; it takes ${taken}`, { allow: taken });
  for (const [meant, end] of [
    [`/v1${path}`, 'with'],
    [path.replace('/v1/v1/', '/v1/'), 'without'],
  ] as const)
    if (methodOf(meant) === method)
      return notFound(`${missing}, but ${method} ${meant}: the base URL of this client has to end ${end} /v1`);
  if (/^(\/v1)?\/responses(\/|$)/.test(path)) return notFound(`${missing}: ${NO_RESPONSES}`);
  return notFound(`${missing}; there are ${PATHS.map((known) => known.join(' ')).join(', ')}`);
}

const NO_RESPONSES =
  'the Responses API is not served; ask for chat completions (openai: client.chat.completions.create; ' +
  'LangChain: useResponsesApi: false; AI SDK: openai.chat(model))';

const notFound = (message: string): ApiError => refused(404, 'not_found', message);

const refused = (status: number, code: string, message: string, headers: Record<string, string> = {}): ApiError =>
  new ApiError({ status, type: 'invalid_request_error', code, message, headers });
