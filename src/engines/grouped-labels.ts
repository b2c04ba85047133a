/**
 * Sums by one label dimension as an engine hands them over, in bounded memory: what a label used of each kind of request.
 * Takes kinds and sums in any order, gives GroupedLabels.
 */
import type { TraceRequest } from '../trace/request.ts';
import type { GroupedLabels } from '../usage/grouped.ts';
import { addSums, LabelSums, type Sums } from '../usage/label-sums.ts';

export class GroupedLabelSums {
  readonly #sums = new LabelSums<number>();
  readonly #kinds: TraceRequest[] = [];
  readonly #indices = new Map<string, number>();

  /** The number of a kind: seller, model, feature, tier and prompt size of a group; its counts are of no matter. */
  kind(group: TraceRequest): number {
    const { seller, model, tier, feature, context_from_tokens } = group;
    const key = JSON.stringify([seller, model, tier, feature, context_from_tokens]);
    let index = this.#indices.get(key);
    if (index === undefined) {
      index = this.#kinds.push(group) - 1;
      this.#indices.set(key, index);
    }
    return index;
  }

  at(label: string, kind: number): Sums {
    return this.#sums.at(label, kind);
  }

  /** Sums of a file, whose kinds have numbers of its own. */
  addFile(sums: LabelSums<number>, kinds: ReadonlyMap<number, TraceRequest>): void {
    const ours = new Map([...kinds].map(([number, group]) => [number, this.kind(group)]));
    const { beyond, named, rest } = sums.result();
    this.#sums.addRest(
      beyond,
      [...rest].map(([kind, counts]) => [ours.get(kind)!, counts] as const),
    );
    for (const [label, kind, counts] of named) addSums(this.#sums.at(label, ours.get(kind)!), counts);
  }

  grouped(): GroupedLabels {
    return { kinds: this.#kinds, ...this.#sums.result() };
  }
}
