/**
 * The body of a client's request: read up to a limit, checked, and handed on with nothing rewritten but the model's name
 * and, for streams, the question for their usage. A member that stands twice is refused: readers differ on which one counts.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { ApiError, badRequest } from './api-error.ts';
import { type Edit, edited } from './json-edit.ts';
import { jsonShape, type Member } from './json-text.ts';
import { bytesOfWire, jsonOfWire, wireOf, wireOfText } from './wire-text.ts';

export interface AskedBody {
  readonly wire: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly members: readonly Member[];
  readonly model: string;
  readonly isStream: boolean;
  /** How many answers it asks for. */
  readonly answers: number;
  /** Whether the client itself asked for the usage of a stream. */
  readonly asksForUsage: boolean;
}

/** Of one request; what asks for more is refused by sellers. */
const MOST_ANSWERS = 128;

export interface BodyLimits {
  readonly body_bytes: number;
  readonly json_depth: number;
}

export async function readBody(incoming: IncomingMessage, limits: BodyLimits): Promise<AskedBody> {
  const type = incoming.headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw unsupported(`the content type is "${type}"; expected application/json`);
  const encoding = incoming.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw unsupported(`the body is encoded as ${encoding}; expected it as it is`);
  return parseBody(await bytesOf(incoming, limits.body_bytes), limits.json_depth);
}

const unsupported = (message: string): ApiError =>
  new ApiError({ status: 415, type: 'invalid_request_error', code: 'unsupported_media_type', message });

function bytesOf(incoming: IncomingMessage, most: number): Promise<Buffer> {
  if (Number(incoming.headers['content-length'] ?? 0) > most) return Promise.reject(tooLarge(most));
  const parts: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    incoming.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= most) parts.push(part);
      else {
        // What else comes is read and dropped: a client that is cut while it sends does not see its answer.
        parts.length = 0;
        reject(tooLarge(most));
      }
    });
    incoming.on('end', () => resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)));
    incoming.on('error', reject);
    incoming.on('close', () => incoming.complete || reject(new Error('the request broke off')));
  });
}

const tooLarge = (most: number): ApiError =>
  new ApiError({
    status: 413,
    type: 'invalid_request_error',
    code: 'request_too_large',
    message: `the body is longer than ${most} bytes`,
  });

export function parseBody(bytes: Buffer, most_depth: number): AskedBody {
  const wire = wireOf(bytes);
  const { members, depth } = jsonShape(wire);
  if (depth > most_depth)
    throw badRequest('json_too_deep', `the body is nested ${depth} deep; at most ${most_depth} is read`);
  if (!isUtf8(bytes)) throw badRequest('invalid_json', 'the body is no UTF-8');
  let value: unknown;
  try {
    value = jsonOfWire(wire, bytes);
  } catch {
    throw badRequest('invalid_json', 'the body is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest('invalid_json', 'the body is no JSON object');
  const twice = members.length === Object.keys(value).length ? undefined : keyThatStandsTwice(members);
  if (twice !== undefined) throw badRequest('duplicate_key', `"${twice}" stands twice in the body`, twice);
  const { model, stream, stream_options, n } = value as Record<string, unknown>;
  if (typeof model !== 'string' || model === '')
    throw badRequest('model_missing', 'names no model; expected a text', 'model');
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean')
    throw badRequest('invalid_value', 'expected true or false', 'stream');
  const asked = (stream_options as { readonly include_usage?: unknown } | null | undefined)?.include_usage;
  return {
    wire,
    value: value as Record<string, unknown>,
    members,
    model,
    isStream: stream === true,
    answers: typeof n === 'number' && n > 1 ? Math.min(Math.ceil(n), MOST_ANSWERS) : 1,
    asksForUsage: asked === true,
  };
}

function keyThatStandsTwice(members: readonly Member[]): string | undefined {
  const seen = new Set<string>();
  for (const { key } of members) {
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return undefined;
}

export interface Rewriting {
  readonly model: string;
  /** Asked for where the client names none. */
  readonly tier: string | undefined;
  readonly asksForUsage: boolean;
}

/** The bytes that came with another model, the route's tier, and the stream's usage asked for. */
export function bodyToSeller(body: AskedBody, { model, tier, asksForUsage }: Rewriting): Buffer {
  const spanOf = (name: string): Member | undefined => body.members.find((one) => one.isNamed(name));
  const at = spanOf('model') as Member;
  const edits: Edit[] = [];
  let name = model === body.model ? body.wire.slice(at.start, at.end) : wireOfText(JSON.stringify(model));
  if (tier !== undefined && spanOf('service_tier') === undefined) name += `,"service_tier":${JSON.stringify(tier)}`;
  if (asksForUsage && body.isStream && !body.asksForUsage) {
    const options = spanOf('stream_options');
    const asked = { ...(body.value.stream_options as object | null | undefined), include_usage: true };
    const usage = wireOfText(JSON.stringify(asked));
    if (options === undefined) name += `,"stream_options":${usage}`;
    else edits.push({ start: options.start, end: options.end, text: usage });
  }
  edits.push({ start: at.start, end: at.end, text: name });
  const inOrder = edits.length === 1 ? edits : edits.sort((a, b) => a.start - b.start);
  return bytesOfWire(edited(body.wire, inOrder));
}
