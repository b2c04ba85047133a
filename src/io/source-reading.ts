/** What reading a scenario's traffic takes and gives, wherever the traffic lies. */
import type { Diagnostic } from '../errors.ts';
import type { Adapter } from '../trace/adapter.ts';
import type { Reject } from '../trace/request.ts';
import type { Engine, UsageProgress } from './usage-sink.ts';

export interface TrafficOptions {
  /** Files or a glob that replace the scenario's own traffic; `-` is standard input. */
  readonly trace?: string | undefined;
  readonly format?: string | undefined;
  readonly mapping?: string | undefined;
  readonly engine?: Engine | undefined;
  readonly onProgress?: ((progress: UsageProgress) => void) | undefined;
}

export interface SourceReading {
  /** What was read, in words. */
  readonly source: string;
  readonly clock: 'absolute' | 'relative' | 'none';
  readonly rows: number;
  readonly rejected: number;
  readonly rejects: readonly Reject[];
  readonly warnings: readonly Diagnostic[];
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
  /** What a billed cost is, file by file. */
  readonly billed: readonly NonNullable<Adapter['billed']>[];
}
