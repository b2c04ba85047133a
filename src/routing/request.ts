/**
 * A request as policies see it: numbers alone. One object is filled again for each request of a replay; a router makes one
 * per call. Names become numbers by Names; the caller owns the units.
 */
import { SERVICE_TIERS } from '../meters.ts';
import { UNSTATED } from './names.ts';

export interface RoutingRequest {
  /** Index of the route that the traffic was assigned to, or UNASSIGNED. */
  route: number;
  model: number;
  feature: number;
  user: number;
  team: number;
  key: number;
  region: number;
  /** Place in SERVICE_TIERS. */
  tier: number;
  /** Whole prompt: fresh, cached and written tokens. */
  prompt_tokens: number;
  /** Expected answer: what routes are compared at. */
  output_tokens: number;
  /** Longest answer that the request allows: what a budget reserves; 0: `output_tokens`. */
  max_output_tokens: number;
  /** Instant by which the answer is needed, milliseconds since 1970 UTC; 0: not stated, somebody waits for it. */
  deadline_ms: number;
  /** Index of the value of each metadata key, in the order of the compiled policy's `metadata`. */
  readonly metadata: Int32Array;
}

export const UNASSIGNED = -1;

/** A blank request, with a slot for each metadata key that the policy asks about. */
export const createRequest = (metadataKeys = 0): RoutingRequest => ({
  route: UNASSIGNED,
  model: UNSTATED,
  feature: UNSTATED,
  user: UNSTATED,
  team: UNSTATED,
  key: UNSTATED,
  region: UNSTATED,
  tier: SERVICE_TIERS.indexOf('standard'),
  prompt_tokens: 0,
  output_tokens: 0,
  max_output_tokens: 0,
  deadline_ms: 0,
  metadata: new Int32Array(metadataKeys),
});

/** Fields that hold the index of a name. */
export const NAMED_FIELDS = ['model', 'feature', 'user', 'team', 'key', 'region', 'tier'] as const;
export type NamedField = (typeof NAMED_FIELDS)[number];

/** The field's value by its place in NAMED_FIELDS; metadata follows behind. */
export function namedValue(request: RoutingRequest, field: number): number {
  switch (field) {
    case 0:
      return request.model;
    case 1:
      return request.feature;
    case 2:
      return request.user;
    case 3:
      return request.team;
    case 4:
      return request.key;
    case 5:
      return request.region;
    case 6:
      return request.tier;
    default:
      return request.metadata[field - NAMED_FIELDS.length] as number;
  }
}
