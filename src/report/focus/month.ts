/** One month of one strategy, as focus.csv looks at it: its cash lines, and what each of its routes carries. */
import { sum } from '../../units.ts';
import type { ReportRoute } from '../attribution-contract.ts';
import type { Component, Report, ReportLineItem, ReportStrategy } from '../contract.ts';
import type { Usage } from './charge.ts';

export interface MonthRoute extends ReportRoute {
  /** In this month. */
  readonly isUsed: boolean;
  readonly usage: Usage;
}

export interface StrategyMonth {
  readonly report: Report;
  readonly strategy: ReportStrategy;
  readonly month: number;
  /** All of the strategy, so that line items find theirs by index. */
  readonly routes: readonly MonthRoute[];
  readonly linesOf: (...components: readonly Component[]) => readonly ReportLineItem[];
}

export function strategyMonth(report: Report, strategy: ReportStrategy, month: number): StrategyMonth {
  const lines = strategy.line_items.filter((line) => line.cash && appliesIn(line, month));
  return {
    report,
    strategy,
    month,
    routes: (strategy.routes ?? []).map((route) => ({
      ...route,
      isUsed: route.months.from <= month && month < route.months.until,
      usage: usageOf(report, route, month),
    })),
    linesOf: (...components) => lines.filter(({ component }) => components.includes(component)),
  };
}

const appliesIn = ({ timing, months, amounts_usd }: ReportLineItem, month: number): boolean =>
  amounts_usd[month] !== 0 || (timing === 'monthly' && months.from <= month && month < months.until);

/** What lines cost in a month. */
export const usdOf = (lines: readonly ReportLineItem[], month: number): number =>
  sum(lines.map((line) => line.amounts_usd[month] ?? 0));

/** An input of a line in a month. */
export const inputOf = ({ inputs }: ReportLineItem, name: string, month: number): number | undefined =>
  inputs[name]?.values?.[month] ?? inputs[name]?.value;

/** What a route carries in a month: its part of the measured window, as often as the month holds it. */
function usageOf({ traffic }: Report, { window_requests, window_tokens }: ReportRoute, month: number): Usage {
  const windows = traffic.requests === 0 ? 0 : (traffic.monthly_requests[month] ?? 0) / traffic.requests;
  return {
    requests: window_requests * windows,
    tokens: {
      input: window_tokens.input * windows,
      cache_read: window_tokens.cache_read * windows,
      cache_write: window_tokens.cache_write * windows,
      output: window_tokens.output * windows,
    },
  };
}

export const totalUsage = (usages: readonly Usage[]): Usage => {
  const tokens = (side: keyof Usage['tokens']): number => sum(usages.map((one) => one.tokens[side]));
  return {
    requests: sum(usages.map((one) => one.requests)),
    tokens: {
      input: tokens('input'),
      cache_read: tokens('cache_read'),
      cache_write: tokens('cache_write'),
      output: tokens('output'),
    },
  };
};
