/**
 * What was billed, beside the usage that it was billed for, so that a bill can be held against a price book.
 *
 * Logs come in three kinds: rows with tokens and their cost, rows with tokens alone, and statements, which name a cost and no
 * token. A model with statements is compared as a whole, any other one on the rows that carry a cost. Amounts are whole
 * nano-dollars until they are shown.
 */
import { isEmpty } from '../meters.ts';
import type { TraceRequest } from '../trace/request.ts';
import { MS_PER_DAY } from '../units.ts';
import { exact } from './exact.ts';
import type { GroupedUsage } from './grouped.ts';
import { createRollup, type Rollup, type RollupOptions, UNASSIGNED } from './rollup.ts';
import type { UsageTable } from './table.ts';

export interface BilledDay {
  readonly model: string;
  /** Days since 1970 UTC. */
  readonly day: number;
  readonly nano_usd: number;
}

export interface Bill {
  /** Usage of rows that carry their cost, and of those that do not. */
  readonly with_cost: UsageTable;
  readonly without_cost: UsageTable;
  /** What rows with usage carry. */
  readonly of_rows: readonly BilledDay[];
  /** What statements say. */
  readonly of_statements: readonly BilledDay[];
}

/** A row that says what was billed and counts nothing. */
export const isStatement = (request: TraceRequest): boolean =>
  request.billed_nano_usd !== undefined && (request.requests ?? 0) === 0 && isEmpty(request);

export class BillRollup {
  readonly #withCost: Rollup;
  readonly #withoutCost: Rollup;
  readonly #assign: (request: TraceRequest) => string | undefined;
  readonly #ofRows = new Map<string, BilledDay>();
  readonly #ofStatements = new Map<string, BilledDay>();

  constructor(options: RollupOptions & { readonly assign: (request: TraceRequest) => string | undefined }) {
    this.#withCost = createRollup({ ...options, labels: false });
    this.#withoutCost = createRollup({ ...options, labels: false });
    this.#assign = options.assign;
  }

  /** A request or a bucket. */
  add(request: TraceRequest): void {
    if (request.billed_nano_usd === undefined) this.#withoutCost.add(request);
    else {
      if (!isStatement(request)) this.#withCost.add(request);
      this.#note(request, request.billed_nano_usd);
    }
  }

  addGrouped({ groups }: Pick<GroupedUsage, 'groups'>): void {
    for (const group of groups) {
      const alone = { groups: [group], window: undefined, requests_per_minute: new Map<number, number>() };
      if (group.billed_nano_usd === undefined) this.#withoutCost.addGrouped(alone);
      else {
        if (!isStatement(group)) this.#withCost.addGrouped(alone);
        this.#note(group, group.billed_nano_usd);
      }
    }
  }

  #note(request: TraceRequest, nano_usd: number): void {
    const days = isStatement(request) ? this.#ofStatements : this.#ofRows;
    const model = this.#assign(request) ?? UNASSIGNED;
    const day = Math.floor(request.time_ms / MS_PER_DAY);
    const key = `${day} ${model}`;
    days.set(key, { model, day, nano_usd: exact((days.get(key)?.nano_usd ?? 0) + nano_usd, 'billed') });
  }

  /** Undefined: nothing says what was billed. */
  bill(): Bill | undefined {
    if (this.#ofRows.size === 0 && this.#ofStatements.size === 0) return undefined;
    return {
      with_cost: this.#withCost.table(),
      without_cost: this.#withoutCost.table(),
      of_rows: [...this.#ofRows.values()],
      of_statements: [...this.#ofStatements.values()],
    };
  }
}
