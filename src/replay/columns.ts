/**
 * Requests of a trace as the replay reads them: columns of one length, in order of time, names as integers. Batches keep
 * no object per request and serve any number of replays.
 *
 * `prompt_tokens` are those of text, which caches hold; `context_tokens` the whole prompt, audio and images included, which
 * decides the price band. Index 0 of a name is "not stated".
 */
import { COUNT_METERS, type CountMeter } from '../meters.ts';
import type { Names } from '../routing/names.ts';
import type { RequestBatch } from './caches/request-batch.ts';

export const BATCH_ROWS = 16_384;

/** What indices mean, shared by all batches of a trace; the lists grow while it is read. */
export interface ColumnNames {
  /** Names as policies number them. */
  readonly names: Names;
  /** By index; 0 is the model of requests that have none. */
  readonly models: readonly string[];
  readonly features: readonly string[];
  readonly users: readonly string[];
  readonly teams: readonly string[];
}

export interface ReplayBatch extends RequestBatch {
  readonly column_names: ColumnNames;
  readonly context_tokens: Uint32Array;
  readonly model: Uint32Array;
  readonly feature: Uint32Array;
  readonly user: Uint32Array;
  readonly team: Uint32Array;
  /** Place in SERVICE_TIERS. */
  readonly tier: Uint8Array;
  /** Places in COUNT_METERS that occur in the batch, ascending. */
  readonly meters: Uint8Array;
  /** By place in COUNT_METERS, as the trace counted; a meter that does not occur is empty. */
  readonly counts: readonly Float64Array[];
}

export const METER_COUNT = COUNT_METERS.length;
export const meterAt = (meter: CountMeter): number => COUNT_METERS.indexOf(meter);

/** Who shares answers of a response cache. */
export const TENANTS = ['all', 'team', 'user'] as const;
export type Tenant = (typeof TENANTS)[number];

/** The same batch with another column of tenants. */
export function withTenant(batch: ReplayBatch, tenant: Tenant): ReplayBatch {
  return { ...batch, tenant: tenant === 'team' ? batch.team : tenant === 'user' ? batch.user : batch.tenant };
}
