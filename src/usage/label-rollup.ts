/**
 * Requests summed by team, user and agent, each dimension by itself, begun when the first request states it: traffic without
 * labels costs nothing. Takes requests with the key of their model, feature, band and tier as one number; gives tables.
 */
import { SERVICE_TIERS } from '../meters.ts';
import { LABEL_FIELDS, type LabelField, type TraceRequest } from '../trace/request.ts';
import type { GroupedLabels } from './grouped.ts';
import { LabelSums, type RequestCounts } from './label-sums.ts';
import { labelTable } from './label-tables.ts';
import type { LabelKey, Labels, LabelTable } from './labels.ts';

/** More bands than any price list has; part of packed keys, so checked. */
export const MAX_BANDS = 16;
export const BANDS_AND_TIERS = MAX_BANDS * SERVICE_TIERS.length;

export class LabelRollup {
  readonly #sums: Partial<Record<LabelField, LabelSums<number>>> = {};
  readonly #pairs: { readonly model: string; readonly feature: string }[] = [];

  /** From which number on the keys of a model and feature lie; asked once for each. */
  baseOf(model: string, feature: string): number {
    return (this.#pairs.push({ model, feature }) - 1) * BANDS_AND_TIERS;
  }

  count({ team, user, agent }: TraceRequest, counts: RequestCounts, key: number): void {
    if (team !== undefined) counts.addTo(this.#of('team').at(team, key));
    if (user !== undefined) counts.addTo(this.#of('user').at(user, key));
    if (agent !== undefined) counts.addTo(this.#of('agent').at(agent, key));
  }

  addGrouped(
    field: LabelField,
    { kinds, named, rest, beyond }: GroupedLabels,
    keyOf: (kind: TraceRequest) => number,
  ): void {
    const sums = this.#of(field);
    const keys = new Map([...kinds].map(([number, kind]) => [number, keyOf(kind)]));
    sums.addRest(
      beyond,
      [...rest].map(([kind, counts]) => [keys.get(kind)!, counts] as const),
    );
    for (const [label, kind, counts] of named) sums.add(label, keys.get(kind)!, counts);
  }

  tables(): { readonly labels?: Labels } {
    const keys = new Map<number, LabelKey>();
    const keyOf = (key: number): LabelKey => {
      const known = keys.get(key) ?? this.#keyOf(key);
      keys.set(key, known);
      return known;
    };
    const found = LABEL_FIELDS.flatMap((field): [LabelField, LabelTable][] => {
      const sums = this.#sums[field];
      return sums === undefined ? [] : [[field, labelTable(sums, keyOf)]];
    });
    return found.length === 0 ? {} : { labels: Object.fromEntries(found) };
  }

  #of(field: LabelField): LabelSums<number> {
    this.#sums[field] ??= new LabelSums();
    return this.#sums[field];
  }

  #keyOf(key: number): LabelKey {
    const within = key % BANDS_AND_TIERS;
    return {
      ...this.#pairs[Math.floor(key / BANDS_AND_TIERS)]!,
      band: Math.floor(within / SERVICE_TIERS.length),
      tier: SERVICE_TIERS[within % SERVICE_TIERS.length]!,
    };
  }
}
