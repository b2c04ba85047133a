/** What both dialects read alike: JSON that may be none, members that may be missing, the answer's error and its cost. */

import type { CostReport } from '../../pricing/access-facts.ts';
import { isObject, type JsonObject } from '../../router/reported-usage.ts';
import type { Told, ToldError } from '../dialect.ts';
import type { Exchange } from '../exchange.ts';
import type { Target } from '../target.ts';

export function parsedObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const objectsOf = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

export const NOTHING: Told = {
  text: undefined,
  tool_calls: [],
  finish: undefined,
  counts: undefined,
  reported_usd: undefined,
  model: undefined,
  request_id: undefined,
  error: undefined,
  embeddings: [],
  images: 0,
  models: [],
  first_token_ms: undefined,
  isEnded: false,
  faults: [],
};

/** Of an error's body, or of an event inside a stream; undefined: it is none. */
export function errorOf(value: JsonObject | undefined): ToldError | undefined {
  if (value === undefined) return undefined;
  const { error } = value;
  if (typeof error === 'string') return { message: error, type: undefined, code: undefined, members: ['error'] };
  if (!isObject(error)) return undefined;
  const { message, type, code } = error;
  return {
    message: textOf(message) ?? '',
    type: textOf(type),
    code: textOf(code) ?? (typeof code === 'number' ? String(code) : undefined),
    members: Object.keys(error).sort(),
  };
}

/** Where the target says that its answers carry their cost; undefined where this one does not. */
export function reportedUsd(
  { reports_cost }: Target,
  { headers }: Exchange,
  usage: JsonObject | undefined,
): number | undefined {
  if (reports_cost?.in === 'usage') return usdOf(reports_cost, usage?.[reports_cost.name]);
  if (reports_cost?.in !== 'header') return undefined;
  const told = headers[reports_cost.name];
  return typeof told === 'string' && told.trim() !== '' ? usdOf(reports_cost, Number(told)) : undefined;
}

/** What a look-up of an earlier request tells. */
export function lookedUpUsd({ reports_cost }: Target, value: JsonObject | undefined): number | undefined {
  if (reports_cost?.in !== 'lookup') return undefined;
  const told = reports_cost.name
    .split('.')
    .reduce<unknown>((inside, name) => (isObject(inside) ? inside[name] : undefined), value);
  return usdOf(reports_cost, told);
}

/** A cost below nothing is none: it would widen the cap. */
const usdOf = ({ usd_per_unit }: CostReport, told: unknown): number | undefined => {
  const units = numberOf(told);
  return units === undefined || units < 0 ? undefined : units * usd_per_unit;
};

const ID_HEADERS = ['x-request-id', 'request-id', 'x-tollgate-request', 'x-litellm-call-id', 'cf-aig-log-id'];

export function requestIdOf({ headers }: Exchange, id: unknown): string | undefined {
  for (const name of ID_HEADERS) {
    const found = headers[name];
    if (typeof found === 'string' && found !== '') return found;
  }
  return textOf(id);
}
