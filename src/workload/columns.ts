/**
 * Requests of a workload as rows of the project's own CSV format, told column by column before the first one is made, so
 * that they can be written as they come: a column is there if the spec can fill it.
 */
import { REQUEST_FIELDS, type RequestField } from '../trace/adapter.ts';
import type { TraceRequest } from '../trace/request.ts';
import type { WorkloadSpec } from './schema.ts';

export interface WorkloadColumns {
  readonly fields: readonly RequestField[];
  /** As they stand in the header. */
  readonly names: readonly string[];
}

export function workloadColumns({ classes }: WorkloadSpec): WorkloadColumns {
  const filled = new Set<RequestField>(['time_ms', 'input_tokens', 'output_tokens', 'feature']);
  for (const one of classes) {
    const models = one.models?.map(({ model }) => model) ?? (one.model === undefined ? [] : [one.model]);
    if (models.length > 0) filled.add('model');
    if (models.some((model) => model.includes('/'))) filled.add('seller');
    if (one.tier !== 'standard') filled.add('tier');
    if (one.cache_read_share > 0) filled.add('cache_read_tokens');
    if ((one.reasoning_share ?? 0) > 0) filled.add('reasoning_tokens');
    if (one.users !== undefined) filled.add('user');
    if (one.teams !== undefined) filled.add('team');
    if (one.prompts !== undefined || one.prefixes !== undefined) filled.add('hash_chain');
  }
  const fields = REQUEST_FIELDS.filter((field) => filled.has(field));
  return { fields, names: fields.map((field) => (field === 'time_ms' ? 'time' : field)) };
}

export function workloadCell(request: TraceRequest, field: RequestField): string | number | undefined {
  if (field === 'time_ms') return new Date(request.time_ms).toISOString();
  if (field === 'hash_chain') return request.hash_chain?.join(' ');
  return request[field];
}
