/**
 * An adapter compiled to a row reader: cells of one record in, a TraceRequest or the reason why there is none out.
 *
 * The first column that does not fit gives the reason, in the order of the adapter's rules. Counts come out exclusive.
 */
import type { ServiceTier } from '../meters.ts';
import { ABSENT, type Adapter, bindColumns, inclusions, REQUEST_FIELDS } from './adapter.ts';
import { type Cell, castOf, MISFIT } from './casts.ts';
import type { TraceRequest } from './request.ts';

/** Cells in header order; undefined and null where a JSON record has none. A text in the answer is the reject reason. */
export type RowReader = (cells: readonly unknown[]) => TraceRequest | string;

const SLOTS = new Map(REQUEST_FIELDS.map((field, slot) => [field, slot]));
const slotOf = (field: keyof TraceRequest): number => SLOTS.get(field)!;

/** Compiles the reader of records that have this header. */
export function compileRows(adapter: Adapter, header: readonly string[]): RowReader {
  const columns = bindColumns(adapter, header).columns.map(({ rule, index, name }) => ({
    index,
    name,
    slot: slotOf(rule.field),
    required: rule.required === true,
    cast: castOf(rule, adapter.container),
  }));
  const absent = REQUEST_FIELDS.map((field) => ABSENT[field] as unknown);
  const takeOut = inclusions(adapter)
    .filter(({ parts }) => parts.length > 0)
    .map(({ whole, parts, what }) => ({ whole, slot: slotOf(whole), parts: parts.map(slotOf), what }));
  const ragged = adapter.container === 'csv';

  return (cells) => {
    if (ragged && cells.length !== header.length)
      return `${cells.length < header.length ? 'fewer' : 'more'} fields than the ${header.length} of the header`;
    const values = absent.slice();
    for (const { index, name, slot, required, cast } of columns) {
      const raw = cells[index];
      const cell = typeof raw === 'string' ? stripped(raw) : raw;
      if (cell === '' || cell === undefined || cell === null) {
        if (required) return `${name} is empty`;
        continue;
      }
      const value = cast.read(cell as Cell);
      if (value === MISFIT) return `${name}: ${shown(cell)} is not ${cast.expected}`;
      values[slot] = value;
    }
    for (const { whole, slot, parts, what } of takeOut) {
      let included = 0;
      for (const part of parts) included += values[part] as number;
      const total = values[slot] as number;
      if (included > total) return `${whole} ${total} is less than the ${included} ${what} tokens that it includes`;
      values[slot] = total - included;
    }
    return requestOf(values);
  };
}

/** Without spaces at either end: what SQL's trim takes away, and no more. */
function stripped(text: string): string {
  let from = 0;
  let until = text.length;
  while (from < until && text.charCodeAt(from) === SPACE) from++;
  while (until > from && text.charCodeAt(until - 1) === SPACE) until--;
  return until - from === text.length ? text : text.slice(from, until);
}

const SPACE = 32;

const shown = (cell: unknown): string => `"${typeof cell === 'object' ? JSON.stringify(cell) : String(cell)}"`;

/** One literal, so that all requests share one shape. */
const requestOf = (values: readonly unknown[]): TraceRequest => ({
  time_ms: values[0] as number,
  seller: values[1] as string | undefined,
  model: values[2] as string | undefined,
  tier: values[3] as ServiceTier,
  input_tokens: values[4] as number,
  cache_read_tokens: values[5] as number,
  cache_write_5m_tokens: values[6] as number,
  cache_write_1h_tokens: values[7] as number,
  output_tokens: values[8] as number,
  reasoning_tokens: values[9] as number,
  feature: values[10] as string | undefined,
  user: values[11] as string | undefined,
  team: values[12] as string | undefined,
  status: values[13] as number | undefined,
  latency_ms: values[14] as number | undefined,
  ttft_ms: values[15] as number | undefined,
  hash_chain: values[16] as readonly number[] | undefined,
  billed_usd: values[17] as number | undefined,
});
