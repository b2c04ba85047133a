/**
 * Requests summed by team, user and agent, each dimension by itself, begun when the first request states it: traffic without
 * labels costs nothing. Takes requests with the key of their model, feature, band and tier as one number; gives tables.
 */
import { SERVICE_TIERS } from '../meters.ts';
import { LABEL_FIELDS, type LabelField, type TraceRequest } from '../trace/request.ts';
import type { GroupedLabels } from './grouped.ts';
import { addCounts, LabelSums } from './label-sums.ts';
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

  count(request: TraceRequest, requests: number, key: number): void {
    for (const field of LABEL_FIELDS) {
      const label = request[field];
      if (label !== undefined) addCounts(this.#of(field).at(label, key), request, requests);
    }
  }

  addGrouped(
    field: LabelField,
    { kinds, named, rest, beyond }: GroupedLabels,
    keyOf: (kind: TraceRequest) => number,
  ): void {
    const sums = this.#of(field);
    const keys = kinds.map(keyOf);
    sums.addRest(
      beyond,
      [...rest].map(([kind, counts]) => [keys[kind]!, counts] as const),
    );
    for (const [label, kind, counts] of named) sums.add(label, keys[kind]!, counts);
  }

  tables(): { readonly labels?: Labels } {
    const found = LABEL_FIELDS.flatMap((field): [LabelField, LabelTable][] => {
      const sums = this.#sums[field];
      return sums === undefined ? [] : [[field, labelTable(sums, (key) => this.#keyOf(key))]];
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
