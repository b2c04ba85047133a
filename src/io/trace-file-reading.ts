/** How one file of a trace was understood and how many of its rows were read, by whichever way it was read. */
import { type Adapter, bindColumns, type Container } from '../trace/adapter.ts';

export type Clock = 'absolute' | 'relative' | 'none';

export interface TraceFileReading {
  readonly file: string;
  readonly format: string;
  readonly title: string;
  readonly container: Container;
  readonly clock: Clock;
  readonly reasons: readonly string[];
  readonly settles: readonly string[];
  readonly billed: Adapter['billed'];
  /** Of CSV. */
  readonly delimiter: string | undefined;
  readonly names: readonly string[];
  /** Requests read. */
  readonly rows: number;
  readonly rejected: number;
  readonly sha256: string;
}

/** @param read the adapter that was found for the file and why, what stands in it, and what was counted */
export const fileReading = ({
  adapter,
  ...read
}: Omit<TraceFileReading, 'format' | 'title' | 'clock' | 'settles' | 'billed'> & {
  readonly adapter: Adapter;
}): TraceFileReading => ({
  ...read,
  format: adapter.format,
  title: adapter.title,
  clock: clockOf(adapter, read.names),
  settles: adapter.settles ?? [],
  billed: adapter.billed,
});

/** What the times of a file are. */
export const clockOf = (adapter: Adapter, names: readonly string[]): Clock =>
  adapter.constants?.time_ms !== undefined ||
  bindColumns(adapter, names).columns.some(({ rule }) => rule.field === 'time_ms')
    ? adapter.clock
    : 'none';
