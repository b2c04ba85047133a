/**
 * What targets say to the same wrong requests, side by side: status, content type, members of the error object. Clients that
 * were written for one shape break on another.
 *
 * Requests are matched by what is wrong with them. Only names of members are read; words of an error are not repeated.
 */
import type { Evidence, MeasuredTarget } from './contract.ts';

export interface ErrorShape {
  /** Null: no answer came. */
  readonly status: number | null;
  readonly content_type: string | null;
  /** `error.code error.message`, sorted; null: it is no JSON object. */
  readonly members: readonly string[] | null;
  readonly total_ms: number | null;
  /** Null: there is no baseline to hold it against, or it is the baseline. */
  readonly is_as_baseline: boolean | null;
}

export interface ErrorCase {
  readonly asked: string;
  /** As the targets stand; undefined: it was not asked there. */
  readonly shapes: readonly (ErrorShape | undefined)[];
}

/** @param evidence in order of time */
export function errorCases(
  targets: readonly MeasuredTarget[],
  baseline: MeasuredTarget | undefined,
  evidence: readonly Evidence[],
): readonly ErrorCase[] {
  const wrong = evidence.filter(({ check }) => check === 'error_shape');
  const models = new Map(targets.map(({ id, model }) => [id, model]));
  const asked = [...new Set(wrong.map((one) => wrongWith(one, models.get(one.target))))].sort(
    (a, b) => ORDER.indexOf(a) - ORDER.indexOf(b),
  );
  return asked.map((what) => {
    // The last one counts: those before it may have been refused for want of room.
    const found = targets.map(({ id, model }) =>
      wrong.findLast((one) => one.target === id && wrongWith(one, model) === what),
    );
    const shapes = found.map((one) => (one === undefined ? undefined : shapeOf(one)));
    const theirs = baseline === undefined ? undefined : shapes[targets.indexOf(baseline)];
    return {
      asked: what,
      shapes: shapes.map((shape, i) =>
        shape === undefined || theirs === undefined || targets[i] === baseline
          ? shape
          : { ...shape, is_as_baseline: sameShape(shape, theirs) },
      ),
    };
  });
}

const [KEY, MODEL, JSON_, TYPE] = [
  'a wrong key',
  'an unknown model',
  'a body that is no JSON',
  'a member of a wrong type',
];
const ORDER: readonly string[] = [KEY, MODEL, JSON_, TYPE];

function wrongWith({ request }: Evidence, model: string | undefined): string {
  const body = objectOf(request);
  if (body === undefined) return JSON_;
  if ('messages' in body && !Array.isArray(body.messages)) return TYPE;
  return body.model === model ? KEY : MODEL;
}

function shapeOf({ status, headers, answer, total_ms }: Evidence): ErrorShape {
  const body = objectOf(answer);
  return {
    status,
    content_type: headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? null,
    members: body === undefined ? null : membersOf(body),
    total_ms,
    is_as_baseline: null,
  };
}

const MOST_MEMBERS = 12;

/** Names of the body's members, and of those of `error` where it is an object. */
function membersOf(body: Readonly<Record<string, unknown>>): readonly string[] {
  const names = Object.entries(body).flatMap(([name, value]) =>
    name === 'error' && isPlain(value) ? Object.keys(value).map((inner) => `error.${inner}`) : [name],
  );
  return names.sort().slice(0, MOST_MEMBERS);
}

const sameShape = (a: ErrorShape, b: ErrorShape): boolean =>
  a.status === b.status && a.content_type === b.content_type && String(a.members) === String(b.members);

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Undefined: it is no JSON, no object, or was cut. */
function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isPlain(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
