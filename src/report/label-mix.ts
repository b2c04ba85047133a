/**
 * Who used how much of what: shares of each kind of usage by team, user or agent, so that a line of token charges can be
 * divided among them. Shares of a kind add up to 1, with what states no label as ''.
 *
 *   share = label's count of a meter / all counts of it, in the same model, feature, band and tier
 *
 * Example: 3,000 input tokens of a cell, 1,200 of them of one team and 800 of another: 0.4, 0.267 and 0.333 not stated.
 * Hours are not kept by label. Usage that policies moved to a cell which was not measured takes the mix of its feature, and
 * of all traffic where the feature was not measured either.
 */
import { COUNT_METERS, type CountMeter, TOKEN_METERS } from '../meters.ts';
import type { LabelField } from '../trace/request.ts';
import { labelKeyText } from '../usage/label-tables.ts';
import type { LabelKey } from '../usage/labels.ts';
import { addSums, noSums, type Sums } from '../usage/sum-rows.ts';
import type { UsageTable } from '../usage/table.ts';

/** A name, '' for what states none, null for those that are not told apart. */
export type Label = string | null;

export interface Used {
  readonly requests: number;
  readonly tokens: number;
}

type Meter = CountMeter | 'requests';

/** Usage of one kind: all of it, and what is known of labels. */
interface Kind {
  readonly all: Sums;
  readonly labels: Map<Label, Sums>;
}

export class LabelMix {
  readonly #kinds = new Map<string, Kind>();
  readonly #users = new Map<string, Set<Label>>();
  /** The label from which on they are not told apart. */
  readonly beyond: string | undefined;

  constructor({ rows, labels }: Pick<UsageTable, 'rows' | 'labels'>, field: LabelField) {
    const table = labels?.[field];
    this.beyond = table?.beyond;
    for (const row of rows) for (const key of keysOf(row)) addSums(this.#kind(key).all, row);
    for (const row of table?.rows ?? [])
      for (const key of keysOf(row)) {
        const { labels: of } = this.#kind(key);
        const sums = of.get(row.label) ?? noSums();
        of.set(row.label, sums);
        addSums(sums, row);
      }
  }

  /** Adds up to 1. */
  shares(cell: LabelKey, meter: Meter): ReadonlyMap<Label, number> {
    for (const of of [meter, 'requests'] as const)
      for (const key of keysOf(cell)) {
        const kind = this.#kinds.get(key);
        if (kind === undefined || kind.all[of] === 0) continue;
        const counts = countsOf(kind, of);
        return new Map(counts.map(([label, count]) => [label, count / kind.all[of]]));
      }
    return new Map([['', 1]]);
  }

  /** Labels that use a model for a feature; those of the feature where that was not measured. */
  usersOf(model: string, feature: string): ReadonlySet<Label> {
    const pair = modelAndFeature(model, feature);
    const known = this.#users.get(pair);
    if (known !== undefined) return known;
    const kind = [pair, featureAlone(feature), ALL].map((key) => this.#kinds.get(key)).find((one) => one !== undefined);
    const users = new Set(kind === undefined ? [''] : METERS_USED.flatMap((of) => namesOf(kind, of)));
    this.#users.set(pair, users);
    return users;
  }

  /** What each label used in the measured window. */
  used(): ReadonlyMap<Label, Used> {
    const kind = this.#kinds.get(ALL);
    const used = new Map<Label, { requests: number; tokens: number }>();
    if (kind === undefined) return used;
    for (const of of METERS_USED)
      for (const [label, count] of countsOf(kind, of)) {
        const sums = used.get(label) ?? { requests: 0, tokens: 0 };
        used.set(label, sums);
        if (of === 'requests') sums.requests += count;
        else if (IS_TOKEN.has(of)) sums.tokens += count;
      }
    return used;
  }

  #kind(key: string): Kind {
    let kind = this.#kinds.get(key);
    if (kind === undefined) {
      kind = { all: noSums(), labels: new Map() };
      this.#kinds.set(key, kind);
    }
    return kind;
  }
}

const ALL = '';
const METERS_USED: readonly Meter[] = ['requests', ...COUNT_METERS];
const IS_TOKEN: ReadonlySet<Meter> = new Set(TOKEN_METERS);

const featureAlone = (feature: string): string => JSON.stringify([feature]);
const modelAndFeature = (model: string, feature: string): string => JSON.stringify([model, feature]);

/** From the cell itself to all traffic. */
const keysOf = (cell: LabelKey): string[] => [
  labelKeyText(cell),
  modelAndFeature(cell.model, cell.feature),
  featureAlone(cell.feature),
  ALL,
];

/** Counts of a meter by label; what states none is what is left. */
function countsOf({ all, labels }: Kind, of: Meter): [Label, number][] {
  const counts: [Label, number][] = [];
  let rest = all[of];
  for (const [label, sums] of labels) {
    if (sums[of] === 0) continue;
    counts.push([label, sums[of]]);
    rest -= sums[of];
  }
  if (rest > 0) counts.push(['', rest]);
  return counts;
}

const namesOf = (kind: Kind, of: Meter): Label[] => countsOf(kind, of).map(([label]) => label);
