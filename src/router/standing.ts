/**
 * How things stand at the moment that metrics are asked for: breakers, budgets, cache, usage log. Of a budget all subjects
 * are summed, since their names come from clients; what is left is told where everybody shares it.
 */
import { CLOSED, HALF_OPEN } from '../routing/breaker.ts';
import { committed, EVERYBODY, NO_LIMIT } from '../routing/budget.ts';
import { NANO_USD } from '../trace/request.ts';
import { Counter, type Histogram, label } from './prometheus-text.ts';
import type { ResponseCache } from './response-cache.ts';
import type { RouteTable } from './route-table.ts';
import type { LogStanding } from './usage-log.ts';

/** Name, type, help, values. */
export type Family = readonly [string, 'counter' | 'gauge' | 'histogram', string, Counter | Histogram];

export interface Standing {
  readonly table: RouteTable;
  readonly cache: ResponseCache | undefined;
  readonly log: LogStanding | undefined;
  readonly now_ms: number;
}

export function standingFamilies({ table, cache, log, now_ms }: Standing): Family[] {
  return [
    ['tollgate_breaker_state', 'gauge', '1 for the state that a route is in', breakers(table)],
    ['tollgate_budget_usd', 'gauge', 'Of all subjects of a budget, in the period that runs', budgets(table, now_ms)],
    ...(cache === undefined ? [] : cacheFamilies(cache)),
    ...(log === undefined ? [] : logFamilies(log)),
  ];
}

function breakers({ compiled, state }: RouteTable): Counter {
  const found = new Counter();
  compiled.routes.forEach((route, i) => {
    const phase = state.breaker.phase[i];
    const is = phase === CLOSED ? 'closed' : phase === HALF_OPEN ? 'half_open' : 'open';
    for (const one of ['closed', 'half_open', 'open'])
      found.add(`${label('route', route)},${label('state', one)}`, one === is ? 1 : 0);
  });
  return found;
}

function budgets({ compiled, state }: RouteTable, now_ms: number): Counter {
  const found = new Counter();
  compiled.budgets.forEach((rule, i) => {
    const budget = state.budgets[i]!;
    for (let subject = 0; subject < budget.period.length; subject++)
      committed(budget, rule, state.calendar, subject, now_ms);
    const [spent, reserved] = [sumOf(budget.spent_nano_usd), sumOf(budget.reserved_nano_usd)];
    const tell = (is: string, nano_usd: number): void =>
      found.add(`${label('budget', rule.name)},${label('state', is)}`, nano_usd / NANO_USD);
    tell('spent', spent);
    tell('reserved', reserved);
    const limit = rule.hard_nano_usd === NO_LIMIT ? rule.soft_nano_usd : rule.hard_nano_usd;
    if (rule.subject === EVERYBODY) tell('left', Math.max(0, limit - spent - reserved));
  });
  return found;
}

function cacheFamilies({ hits, misses, entries, bytes }: ResponseCache): Family[] {
  const asked = new Counter();
  asked.add('result="hit"', hits);
  asked.add('result="miss"', misses);
  return [
    ['tollgate_cache_lookups_total', 'counter', 'Answers looked up in the response cache', asked],
    ['tollgate_cache_entries', 'gauge', 'Answers that are kept', single(entries)],
    ['tollgate_cache_bytes', 'gauge', 'Bytes of them', single(bytes)],
  ];
}

const logFamilies = ({ waiting, oldest_ms, dropped }: LogStanding): Family[] => [
  ['tollgate_log_waiting_lines', 'gauge', 'Rows that are not in the usage log yet', single(waiting)],
  ['tollgate_log_lag_seconds', 'gauge', 'Age of the oldest of them', single(oldest_ms / 1000)],
  ['tollgate_log_dropped_lines_total', 'counter', 'Rows given up since the log could not be written', single(dropped)],
];

function single(value: number): Counter {
  const found = new Counter();
  found.add('', value);
  return found;
}

const sumOf = (nano_usd: Float64Array): number => nano_usd.reduce((sum, one) => sum + one, 0);
