/**
 * Requests that an engine has already summed where the data lies: only sums come back. The groups are rows like those of a
 * log of buckets; what can't be told from them, when requests arrived, comes beside them.
 */
import type { LabelField, TraceRequest, Window } from '../trace/request.ts';
import type { Sums } from './sum-rows.ts';

export interface GroupedUsage {
  /**
   * One for each hour, seller, model, feature, tier, prompt size band, and whether a bill and a failure without usage are
   * there: `time_ms` is the start of the hour, `requests` how many it sums, `context_from_tokens` the lower edge of the band.
   */
  readonly groups: readonly TraceRequest[];
  readonly window: Window | undefined;
  /** Minutes since 1970 UTC -> requests. */
  readonly requests_per_minute: ReadonlyMap<number, number>;
  /** Sums of requests by a label, for each label that the log has: beside the groups, which do not tell labels apart. */
  readonly labels?: Readonly<Partial<Record<LabelField, GroupedLabels>>>;
}

/** Sums without hours and bills; failures without usage are left out. */
export interface GroupedLabels {
  /** Kinds of requests: groups of which seller, model, feature, tier and band count, at one of their times. */
  readonly kinds: ReadonlyMap<number, TraceRequest>;
  /** Label, number of the kind, and what it used. */
  readonly named: Iterable<readonly [string, number, Readonly<Sums>]>;
  /** Of labels that are not told apart. */
  readonly rest: Iterable<readonly [number, Readonly<Sums>]>;
  /** The first label, in the order of hashes, that is not told apart. */
  readonly beyond: string | undefined;
}

/** Every kind of request changed, and what was used of it kept. */
export const mapKinds = (
  labels: NonNullable<GroupedUsage['labels']>,
  change: (kind: TraceRequest) => TraceRequest,
): NonNullable<GroupedUsage['labels']> =>
  Object.fromEntries(
    Object.entries(labels).map(([field, of]) => [
      field,
      { ...of, kinds: new Map([...of.kinds].map(([number, kind]) => [number, change(kind)])) },
    ]),
  );

/** What was used of some kinds of requests alone. */
export function keptKinds(
  labels: NonNullable<GroupedUsage['labels']>,
  keeps: (kind: TraceRequest) => boolean,
): NonNullable<GroupedUsage['labels']> {
  const kept = ({ kinds, named, rest, beyond }: GroupedLabels): GroupedLabels => ({
    kinds,
    beyond,
    named: [...named].filter(([, kind]) => keeps(kinds.get(kind)!)),
    rest: [...rest].filter(([kind]) => keeps(kinds.get(kind)!)),
  });
  return Object.fromEntries(Object.entries(labels).map(([field, of]) => [field, kept(of)]));
}
