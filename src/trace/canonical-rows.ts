/**
 * Requests as rows of the project's own CSV format, header first: what the canonical adapter reads back. Columns that no
 * request fills are left out. Gives cells, not text; writing them is for src/io.
 */
import { ABSENT, REQUEST_FIELDS, type RequestField } from './adapter.ts';
import { NANO_USD, type TraceRequest } from './request.ts';

export function canonicalRows(requests: readonly TraceRequest[]): (string | number | undefined)[][] {
  const columns = REQUEST_FIELDS.filter(
    (field) => ALWAYS.has(field) || requests.some((request) => request[field] !== ABSENT[field]),
  );
  return [
    columns.map((field) => COLUMN_NAMES[field] ?? field),
    ...requests.map((request) => columns.map((field) => cellOf(request, field))),
  ];
}

const COLUMN_NAMES: Readonly<Partial<Record<RequestField, string>>> = {
  time_ms: 'time',
  until_ms: 'until',
  billed_nano_usd: 'billed_usd',
};

const ALWAYS: ReadonlySet<RequestField> = new Set(['time_ms', 'input_tokens', 'output_tokens']);

function cellOf(request: TraceRequest, field: RequestField): string | number | undefined {
  if (field === 'time_ms') return new Date(request.time_ms).toISOString();
  if (field === 'until_ms')
    return request.until_ms === undefined ? undefined : new Date(request.until_ms).toISOString();
  if (field === 'billed_nano_usd')
    return request.billed_nano_usd === undefined ? undefined : request.billed_nano_usd / NANO_USD;
  if (field === 'hash_chain') return request.hash_chain?.join(' ');
  return request[field];
}
