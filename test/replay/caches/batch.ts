/** Requests written as rows, put into columns. */
import type { RequestBatch } from '../../../src/replay/caches/request-batch.ts';

export interface Row {
  readonly time_ms: number;
  readonly prompt?: number;
  readonly tenant?: number;
  readonly scope?: number;
  readonly chain?: readonly number[];
  readonly prompt_tokens?: number;
  readonly output_tokens?: number;
}

export function batchOf(rows: readonly Row[]): RequestBatch {
  const column = (of: (row: Row) => number | undefined, absent = 0): Uint32Array =>
    Uint32Array.from(rows, (row) => of(row) ?? absent);
  let offset = 0;
  return {
    requests: rows.length,
    time_ms: Float64Array.from(rows, ({ time_ms }) => time_ms),
    tenant: column(({ tenant }) => tenant),
    prompt: Int32Array.from(rows, ({ prompt }) => prompt ?? -1),
    scope: column(({ scope }) => scope),
    chains: Uint32Array.from(rows.flatMap(({ chain }) => chain ?? [])),
    chain_offset: Uint32Array.from(rows, ({ chain }) => {
      const from = offset;
      offset += chain?.length ?? 0;
      return from;
    }),
    chain_length: column(({ chain }) => chain?.length),
    prompt_tokens: column(({ prompt_tokens }) => prompt_tokens),
    output_tokens: column(({ output_tokens }) => output_tokens),
  };
}
