/**
 * What a request cost as the target tells it: in its answer, or in a look-up of it, which some targets fill a second or
 * two after the answer.
 */
import { isObject } from '../../router/reported-usage.ts';
import type { Probe, Seen } from '../check.ts';
import type { Asked } from '../dialect.ts';
import { parsedObject, textOf } from '../dialects/answer-json.ts';
import type { Target } from '../target.ts';

/** Before each look-up. */
const WAITS_MS = [1000, 4000];

const asking = (request_id: string): Asked => ({
  operation: 'cost_lookup',
  request_id,
  prompt_tokens: 0,
  output_tokens: 0,
});

export const hasLookUp = ({ reports_cost }: Target): boolean => reports_cost?.in === 'lookup';

/** Of so many requests, for the plan. */
export const plannedLookUps = (target: Target, requests: number): readonly Asked[] =>
  hasLookUp(target) ? Array.from({ length: requests * WAITS_MS.length }, () => asking('id')) : [];

export interface ToldCost {
  /** Undefined: it is told nowhere. */
  readonly usd: number | undefined;
  readonly lookUps: readonly Seen[];
}

export async function toldCost({ target, ask, wait }: Probe, of: Seen): Promise<ToldCost> {
  const id = answerId(of);
  if (!hasLookUp(target) || id === undefined) return { usd: of.told.reported_usd, lookUps: [] };
  const lookUps: Seen[] = [];
  for (const wait_ms of WAITS_MS) {
    await wait(wait_ms);
    const found = await ask(asking(id));
    lookUps.push(found);
    if (found.told.reported_usd !== undefined) return { usd: found.told.reported_usd, lookUps };
  }
  return { usd: undefined, lookUps };
}

/** The id inside the answer, by which it is looked up; that of a header may be another. */
export function answerId({ exchange: { text, events } }: Seen): string | undefined {
  const values = events.length > 0 ? events.map(({ data }) => parsedObject(data)) : [parsedObject(text)];
  for (const value of values) {
    const id = textOf(value?.id) ?? (isObject(value?.message) ? textOf(value.message.id) : undefined);
    if (id !== undefined) return id;
  }
  return undefined;
}
