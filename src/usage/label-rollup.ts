/**
 * Requests summed by team, user and agent, each dimension by itself, begun when the first request states it: traffic without
 * labels costs nothing. Takes requests with the key of their model, feature, band and tier as one number; gives tables.
 */
import { SERVICE_TIERS } from '../meters.ts';
import { LABEL_FIELDS, type LabelField, type TraceRequest } from '../trace/request.ts';
import type { GroupedLabels } from './grouped.ts';
import { LabelSums } from './label-sums.ts';
import { labelTable } from './label-tables.ts';
import type { LabelKey, Labels, LabelTable } from './labels.ts';
import type { Addends } from './sum-rows.ts';

/** More bands than any price list has; part of packed keys, so checked. */
export const MAX_BANDS = 16;
export const BANDS_AND_TIERS = MAX_BANDS * SERVICE_TIERS.length;

export class LabelRollup {
  readonly #sums: Record<LabelField, LabelSums<number> | undefined> = {
    team: undefined,
    user: undefined,
    agent: undefined,
  };
  readonly #pairs: { readonly model: string; readonly feature: string }[] = [];

  /** From which number on the keys of a model and feature lie; asked once for each. */
  baseOf(model: string, feature: string): number {
    return (this.#pairs.push({ model, feature }) - 1) * BANDS_AND_TIERS;
  }

  count({ team, user, agent }: TraceRequest, addends: Addends, key: number): void {
    const sums = this.#sums;
    if (team !== undefined) (sums.team ?? this.#begin('team')).count(team, key, addends);
    if (user !== undefined) (sums.user ?? this.#begin('user')).count(user, key, addends);
    if (agent !== undefined) (sums.agent ?? this.#begin('agent')).count(agent, key, addends);
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
    return this.#sums[field] ?? this.#begin(field);
  }

  #begin(field: LabelField): LabelSums<number> {
    const sums = new LabelSums<number>();
    this.#sums[field] = sums;
    return sums;
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
