/**
 * The routes of each strategy's traffic, and which line item is for which of them: model, channel, who invoices.
 *
 * A line of tokens is found again by what its label says (meter, model, tier, prompt size, price window) and by its count,
 * which is checked; a line that fits nothing has no route and is later told as not attributed. Features share a line by their
 * tokens in it. It prices nothing: what has no price is what the quotes refused.
 */
import { phaseWindow } from '../appraise.ts';
import { type Access, type Channel, rowsThrough, servesItself } from '../costs/access.ts';
import type { Evaluation } from '../evaluate.ts';
import type { ExplainedLine } from '../explain.ts';
import {
  type CountMeter,
  METERS,
  PIECE_METERS,
  PIECES,
  type ServiceTier,
  TOKEN_METERS,
  tokensBySide,
} from '../meters.ts';
import type { Line, Model } from '../model/model.ts';
import { serve } from '../strategies/index.ts';
import type { UsageRow } from '../usage/table.ts';
import type { ReportRoute } from './attribution-contract.ts';
import { groupedBy } from './grouped.ts';
import { sellerOf } from './line-names.ts';

/** A line's route, what it counts, and who of the features uses how much of that. */
export interface RoutedLine {
  readonly route: number;
  /** Shares that add up to 1; empty where nothing is counted. */
  readonly features: ReadonlyMap<string, number>;
  /** What is counted, and of which kind: a row's key without hour and feature. */
  readonly meter: CountMeter | 'requests';
  readonly kind: Pick<UsageRow, 'model' | 'band' | 'tier'>;
}

export interface StrategyRoutes {
  readonly routes: readonly ReportRoute[];
  /** Per route: the features that use it. */
  readonly features: readonly ReadonlySet<string>[];
  readonly of: (line: ExplainedLine) => RoutedLine | undefined;
}

/** Traffic of one model through one channel, and the lines that are for it. */
interface Served {
  readonly routes: Omit<ReportRoute, 'months'>[];
  readonly features: Set<string>[];
  readonly lines: ReadonlyMap<Line, RoutedLine>;
}

/** By the id of an alternative; phased ones have the routes of their phases, one after the other. */
export function routesOf(evaluation: Evaluation): ReadonlyMap<string, StrategyRoutes> {
  const { model } = evaluation.prepared;
  const accessOf = accessByStrategy(evaluation);
  const served = model.strategies.map(({ id }) => servedBy(evaluation, id, accessOf(id)));
  const all = (months: { from: number; until: number }, { routes }: Served): ReportRoute[] =>
    routes.map((route) => ({ ...route, months }));
  const own = model.strategies.map(({ id }, i): [string, StrategyRoutes] => {
    const { features, lines } = served[i]!;
    const routes = all({ from: 0, until: model.months }, served[i]!);
    return [id, { routes, features, of: ({ line }) => lines.get(line) }];
  });
  const phased = model.phased.map((plan): [string, StrategyRoutes] => {
    const phases = plan.phases
      .map(({ strategy }, k) => ({ ...served[strategy]!, months: phaseWindow(plan, k, model.months) }))
      .filter(({ months }) => months.from < months.until);
    const firsts = phases.map((_, k) => phases.slice(0, k).reduce((total, { routes }) => total + routes.length, 0));
    return [
      plan.id,
      {
        routes: phases.flatMap((phase) => all(phase.months, phase)),
        features: phases.flatMap(({ features }) => features),
        of: ({ line, from }) => {
          const k = phases.findIndex(({ months }) => months.from === from);
          const found = phases[k]?.lines.get(line);
          return found && { ...found, route: found.route + firsts[k]! };
        },
      },
    ];
  });
  return new Map([...own, ...phased]);
}

/** How each strategy that serves traffic itself gets at models. */
function accessByStrategy({ question, usage }: Evaluation): (id: string) => Access {
  const access = (id: string): Access => {
    const spec = question.scenario.strategies.find((one) => one.id === id);
    if (spec === undefined || spec.kind === 'phased') throw new Error(`no serving strategy "${id}"`);
    return serve(spec, { gateway: (gateway) => question.gateways.get(gateway)!, access, edges: usage.edges });
  };
  return access;
}

/** What a line may be for: one count of rows that have the same price. */
interface Count extends RoutedLine {
  readonly value: number;
  isTaken: boolean;
}

function servedBy(evaluation: Evaluation, id: string, access: Access): Served {
  const { prepared, replays } = evaluation;
  const usage = replays.get(id)?.result.usage ?? evaluation.usage;
  const refused = new Map(
    [...prepared.quotes.unpriced.values()].flatMap((one) =>
      one.strategies.has(id) ? [[one.model, one.reason] as const] : [],
    ),
  );
  const served: Omit<ReportRoute, 'months'>[] = [];
  const features: Set<string>[] = [];
  const counts = new Map<string, Count[]>();
  for (const channel of access.channels) {
    const rows = rowsThrough(channel, usage.rows);
    for (const [model, ofModel] of groupedBy(rows, (row) => row.model)) {
      const route = served.push(routeOf(channel, model, ofModel, refused.get(model))) - 1;
      features.push(new Set(ofModel.map((row) => row.feature)));
      for (const cell of cellsOf(evaluation, ofModel, usage.edges[model] ?? [])) declare(counts, cell, route);
    }
  }
  const { model } = prepared;
  const strategy = model.strategies.find((one) => one.id === id)!;
  const lines = new Map<Line, RoutedLine>();
  for (const index of strategy.lines) {
    const line = model.lines[index]!;
    const value = countOf(model, line);
    const found = counts.get(line.label)?.find((one) => !one.isTaken && one.value === value);
    if (found === undefined) continue;
    found.isTaken = true;
    lines.set(line, { ...found, features: sharesOf(found.features) });
  }
  return { routes: served, features, lines };
}

function routeOf(
  channel: Channel,
  model: string,
  rows: readonly UsageRow[],
  unpriced: string | undefined,
): Omit<ReportRoute, 'months'> {
  const window_tokens = { input: 0, cache_read: 0, cache_write: 0, output: 0 };
  for (const row of rows)
    for (const [side, count] of Object.entries(tokensBySide(row)))
      window_tokens[side as keyof typeof window_tokens] += count;
  const from_credit = channel.gateway !== undefined && !channel.own_keys;
  return {
    via: channel.via,
    model,
    invoiced_by: from_credit ? channel.via : sellerOf(model),
    from_credit,
    ...(servesItself(channel, model) ? { on_own_machines: true } : {}),
    window_requests: rows.reduce((total, { requests }) => total + requests, 0),
    window_tokens,
    ...(unpriced === undefined ? {} : { unpriced }),
  };
}

/** Rows of one price, window shares taken. */
interface Cell {
  readonly model: string;
  readonly tier: ServiceTier;
  readonly band: number;
  readonly band_from_tokens: number;
  readonly window: string | undefined;
  readonly rows: { readonly row: UsageRow; readonly share: number }[];
}

function cellsOf({ prepared }: Evaluation, rows: readonly UsageRow[], edges: readonly number[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const row of rows) {
    const band_from_tokens = row.band === 0 ? 0 : (edges[row.band - 1] ?? 0);
    for (const { window, share } of prepared.quotes.windows(row)) {
      const key = JSON.stringify([row.tier, band_from_tokens, window]);
      const cell = cells.get(key) ?? {
        model: row.model,
        tier: row.tier,
        band: row.band,
        band_from_tokens,
        window,
        rows: [],
      };
      cells.set(key, cell);
      cell.rows.push({ row, share });
    }
  }
  return [...cells.values()];
}

/** Every label under which a line for a count of the cell may stand: at its tier or the standard one, at a meter's own price or not. */
function declare(counts: Map<string, Count[]>, cell: Cell, route: number): void {
  const tiers = [...new Set<ServiceTier>([cell.tier, 'standard'])];
  const add = (meter: CountMeter | 'requests', labels: readonly string[]): void => {
    const features = new Map<string, number>();
    let value = 0;
    for (const { row, share } of cell.rows) {
      value += row[meter] * share;
      features.set(row.feature, (features.get(row.feature) ?? 0) + row[meter] * share);
    }
    if (value === 0) return;
    const { model, band, tier } = cell;
    const count: Count = { route, value, features, meter, kind: { model, band, tier }, isTaken: false };
    for (const label of labels) counts.set(label, [...(counts.get(label) ?? []), count]);
  };
  const described = tiers.map((tier) => describe(cell, tier));
  for (const meter of TOKEN_METERS)
    add(
      meter,
      described.flatMap((of) => [
        `${METERS[meter].label} (${of})`,
        `${METERS[meter].label} (${of}, at the input price)`,
      ]),
    );
  for (const meter of PIECE_METERS)
    add(
      meter,
      described.map((of) => `${PIECES[meter].label} (${of})`),
    );
  add(
    'requests',
    described.map((of) => `${PIECES.requests.label} (${of})`),
  );
  for (const meter of TOKEN_METERS)
    add(
      'input_tokens',
      described.map((of) => `${METERS[meter].label}, assumed share (${of})`),
    );
}

/** As labels of token charges tell the rows of one price. */
function describe({ model, band_from_tokens, window }: Cell, tier: ServiceTier): string {
  const parts = [model];
  if (tier !== 'standard') parts.push(tier);
  if (band_from_tokens > 0) parts.push(`prompts from ${band_from_tokens} tokens`);
  if (window !== undefined) parts.push(window);
  return parts.join(', ');
}

/** What a line of token charges counts in the measured window; undefined: it counts nothing. */
function countOf({ defs }: Model, { component, inputs }: Line): number | undefined {
  const counted = inputs.window_tokens ?? inputs.window_quantity ?? inputs.window_requests;
  if (component !== 'token_charges' || counted === undefined) return undefined;
  const def = defs[counted.ref];
  return def?.is === 'number' ? def.value : undefined;
}

function sharesOf(features: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const total = [...features.values()].reduce((a, b) => a + b, 0);
  return new Map([...features].map(([feature, count]) => [feature, count / total]));
}
