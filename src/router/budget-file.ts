/**
 * What budgets have spent, kept over a restart in `budgets.json` beside the usage log. Not restored from the log itself: its
 * rows don't say what was settled at its estimate since nobody knows its cost, they may be one per request, rotated away or
 * a month long; this file is small and holds what the budgets hold.
 *
 * It is written whole whenever spend has changed, at most once per `log.flush` and at the end: to another name, synced and
 * renamed, so that a process that dies leaves the file before it or the one after it. What was reserved at that moment
 * counts as spent when it is read, since nobody heard how those attempts ended; what a killed process settled after its last
 * writing is lost, at most a flush interval of it.
 *
 * Spend holds for the same budget by name, subject and period; day and month are those of UTC, as in the contract, and a
 * period that has passed begins at 0. A file that can't be read is an error and not a fresh start.
 */
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { inputError } from '../errors.ts';
import { type BudgetState, committed } from '../routing/budget.ts';
import { UNSTATED } from '../routing/names.ts';
import type { RouteTable } from './route-table.ts';

export const BUDGET_FILE = 'budgets.json';
/** A writing that took long is followed by a pause of so many times its length. */
const REST = 20;

const nano_usd = z.number().min(0);
const kept = z.strictObject({
  version: z.literal(1),
  written: z.string(),
  budgets: z.array(
    z.strictObject({
      name: z.string(),
      per: z.enum(['all', 'key', 'user', 'team', 'feature']),
      period: z.enum(['day', 'month', 'total']),
      subjects: z.array(
        z.strictObject({
          name: z.string().nullable().describe('Null: requests that name none, or everybody'),
          since: z.int().min(0).describe('Days or months since 1970'),
          spent_nano_usd: nano_usd,
          reserved_nano_usd: nano_usd,
        }),
      ),
    }),
  ),
});
type Kept = z.infer<typeof kept>;

export class BudgetFile {
  readonly #file: string;
  readonly #every_ms: number;
  readonly #table: () => RouteTable;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** Without budgets there is nothing to write. */
  #last = '[]';
  #isClosed = false;

  /** @param onError told when it can't be written; it is tried again */
  constructor(
    dir: string,
    every_ms: number,
    table: () => RouteTable,
    now: () => number,
    onError: (error: unknown) => void,
  ) {
    this.#file = join(dir, BUDGET_FILE);
    this.#every_ms = Math.max(1, every_ms);
    this.#table = table;
    this.#now = now;
    this.#onError = onError;
    this.#wait(this.#every_ms);
  }

  /** Writes what is spent now, if it is not written yet. */
  write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.write();
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      const from = performance.now();
      void this.write().then(() => {
        if (!this.#isClosed) this.#wait(Math.max(this.#every_ms, REST * (performance.now() - from)));
      });
    }, ms);
    this.#timer.unref();
  }

  async #write(): Promise<void> {
    const budgets = JSON.stringify(toKeep(this.#table()));
    if (budgets === this.#last) return;
    const text = `{"version":1,"written":"${new Date(this.#now()).toISOString()}","budgets":${budgets}}\n`;
    try {
      const next = `${this.#file}.next`;
      const handle = await open(next, 'w', 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(next, this.#file);
      this.#last = budgets;
    } catch (error) {
      this.#onError(error);
    }
  }
}

function toKeep({ config, names, state }: RouteTable): Kept['budgets'] {
  const known = names.toJson();
  return config.routing.budgets.map(({ name, per, period }, i) => {
    const { spent_nano_usd, reserved_nano_usd, period: since } = state.budgets[i] as BudgetState;
    const subjects: Kept['budgets'][number]['subjects'] = [];
    for (let subject = 0; subject < since.length; subject++) {
      const [spent, reserved] = [spent_nano_usd[subject]!, Math.max(0, reserved_nano_usd[subject]!)];
      if (spent === 0 && reserved === 0) continue;
      const own = per === 'all' || subject === UNSTATED ? null : (known[per]?.[subject - 1] ?? null);
      subjects.push({ name: own, since: since[subject]!, spent_nano_usd: spent, reserved_nano_usd: reserved });
    }
    return { name, per, period, subjects };
  });
}

/** Puts what was kept back into the table's budgets; gives the names of budgets that go on. */
export async function restoreBudgets(dir: string, table: RouteTable, now_ms: number): Promise<string[]> {
  const file = join(dir, BUDGET_FILE);
  const found = await readKept(file);
  if (found === undefined) return [];
  const { budgets } = table.config.routing;
  const restored: string[] = [];
  for (const old of found.budgets) {
    const i = budgets.findIndex(
      ({ name, per, period }) => name === old.name && per === old.per && period === old.period,
    );
    if (i < 0) continue;
    const rule = table.compiled.budgets[i]!;
    const state = table.state.budgets[i]!;
    for (const { name, since, spent_nano_usd, reserved_nano_usd } of old.subjects) {
      const subject = old.per === 'all' || name === null ? 0 : table.names.index(old.per, name);
      // Rolls the entry to the period of now, so that what is of a period before can be told.
      committed(state, rule, table.state.calendar, subject, now_ms);
      // A clock that was set back is no reason to spend anew.
      if (since < state.period[subject]!) continue;
      state.period[subject] = since;
      state.spent_nano_usd[subject] = spent_nano_usd + reserved_nano_usd;
    }
    restored.push(old.name);
  }
  table.knowNames();
  return restored;
}

async function readKept(file: string): Promise<Kept | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw inputError('ROUTER_BUDGETS', file, `can't be read: ${(error as Error).message}`);
  }
  try {
    return kept.parse(JSON.parse(text));
  } catch {
    throw inputError(
      'ROUTER_BUDGETS',
      file,
      'is not what this router writes, so what budgets have spent is not known; put it right, or delete it to begin at 0',
    );
  }
}
