/** What both dialects say of a call alike: key, headers, patience, and the look-up of what an earlier request cost. */
import type { Asked } from '../dialect.ts';
import type { Call } from '../exchange.ts';
import type { Target } from '../target.ts';

export type Way = Pick<Call, 'operation' | 'path' | 'method' | 'body' | 'isStream'>;

export const termsOf = (asked: Asked, target: Target): Omit<Call, keyof Way> => ({
  headers: asked.headers ?? {},
  key: asked.key ?? 'own',
  timeout_ms: asked.timeout_ms ?? target.timeout_ms,
  ...(asked.leave_after_events === undefined ? {} : { leave_after_events: asked.leave_after_events }),
});

export function costLookup(request_id: string, { id, reports_cost }: Target): Way {
  if (reports_cost?.in !== 'lookup') throw new Error(`${id} has no look-up of costs`);
  const path = (reports_cost.path ?? '/').replace('{id}', encodeURIComponent(request_id));
  return { operation: 'cost_lookup', path, method: 'GET', body: undefined, isStream: false };
}
