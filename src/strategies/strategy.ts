/**
 * A strategy: a way of getting at models. It says how traffic is served; what that costs is the components' business.
 * Strategies know neither prices nor each other; the list of all stands in index.ts.
 */
import type { Access } from '../costs/access.ts';
import type { FeeSchedule } from '../pricing/fee-schedule.ts';
import type { StrategyKind, StrategySpec } from '../scenario/schema.ts';
import type { UsageTable } from '../usage/table.ts';

export interface StrategyContext {
  /** A gateway of the price book or of the scenario; checked to exist when the scenario was read. */
  readonly gateway: (id: string) => FeeSchedule;
  /** How another strategy of the scenario serves: what a hybrid is made of. */
  readonly access: (id: string) => Access;
  /** Prompt sizes from which bands start, by model: rows are told apart by size there and nowhere else. */
  readonly edges: UsageTable['edges'];
}

export type SpecOf<K extends StrategyKind> = Extract<StrategySpec, { kind: K }>;

export interface Strategy<K extends StrategyKind> {
  readonly kind: K;
  /** As the report names the kind. */
  readonly title: string;
  serve(spec: SpecOf<K>, context: StrategyContext): Access;
}
