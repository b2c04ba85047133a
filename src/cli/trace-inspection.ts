/**
 * What a trace holds and what it cost at list prices, read in one pass: the content of `tollgate trace inspect --json`.
 *
 * A row that names its own model is priced at its own time. The model that `--as` assigns to rows that name none is
 * priced at one date, and so is everything where the trace has no dates. Nothing is rounded here.
 */
import { inputError } from '../errors.ts';
import { readMapping } from '../io/read-mapping.ts';
import type { TraceReading } from '../io/read-trace.ts';
import { readUsage } from '../io/read-usage.ts';
import type { Engine, UsageProgress } from '../io/usage-sink.ts';
import { answerTokens, isEmpty, promptTokens, tokensBySide } from '../meters.ts';
import { allBandEdges, sizeEdges } from '../pricing/bands.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { reconcile } from '../pricing/reconcile.ts';
import { resolveModel, ruleInWords, unknownInWords } from '../pricing/resolve.ts';
import { RowGaps } from '../pricing/row-gaps.ts';
import { type UnpricedModel, UsageCharges } from '../pricing/usage-charges.ts';
import { billedOf } from '../report/build-traffic.ts';
import type { ReportBilled } from '../report/contract.ts';
import { LABEL_FIELDS, type LabelField, type TraceRequest } from '../trace/request.ts';
import { byText, MS_PER_DAY, MS_PER_HOUR, sum } from '../units.ts';
import { arrivals, Gaps } from '../usage/arrivals.ts';
import { BillRollup, isStatement } from '../usage/bill.ts';
import { keptKinds } from '../usage/grouped.ts';
import { mergeUsage } from '../usage/merge.ts';
import { type Quantiles, Sizes } from '../usage/quantiles.ts';
import { createRollup, ownModel, totals, UNASSIGNED } from '../usage/rollup.ts';
import { hasDates, type UsageTable } from '../usage/table.ts';

export interface InspectOptions {
  /** `seller/model` of rows that name no model. */
  readonly as?: string | undefined;
  /** Date of its prices; the book's newest if absent. */
  readonly at?: string | undefined;
  readonly format?: string | undefined;
  /** Column mapping of a log of one's own. */
  readonly mapping?: string | undefined;
  readonly engine?: Engine | undefined;
  readonly max_reject_fraction?: number | undefined;
  readonly onProgress?: ((progress: UsageProgress) => void) | undefined;
  readonly keeps_all_rejects?: boolean;
}

export interface TraceInspection {
  readonly file: string;
  readonly sha256: string;
  readonly format: string;
  readonly clock: TraceReading['clock'];
  readonly reasons: readonly string[];
  /** How each file was understood, and what had to be settled to read it. */
  readonly files: readonly {
    readonly file: string;
    readonly format: string;
    readonly reasons: readonly string[];
    readonly settles: readonly string[];
    readonly rows: number;
    readonly rejected: number;
    readonly sha256: string;
  }[];
  /** Rows read: single requests, or sums of several. */
  readonly rows: number;
  /** Null where rows sum requests without counting them. */
  readonly requests: number | null;
  readonly rejected: number;
  /** Rows that are no request, by reason. */
  readonly skipped: TraceReading['skipped'];
  readonly failed_requests: number;
  /** Half-open; null without a clock. Instants of a relative clock count from 1970. */
  readonly window: { readonly from: string; readonly until: string } | null;
  /** Exclusive counts; output includes reasoning. */
  readonly tokens: {
    readonly input: number;
    readonly cache_read: number;
    readonly cache_write: number;
    readonly output: number;
  };
  /** Of whole prompts and of answers with their reasoning, in tokens. */
  readonly quantiles: { readonly input: Quantiles | null; readonly output: Quantiles | null };
  readonly arrivals: {
    readonly mean_requests_per_second: number;
    readonly peak_minute: { readonly from: string; readonly requests: number };
    readonly peak_to_mean: number;
    readonly gap_variation: number | null;
  } | null;
  /** The longest that a row sums over; null where all rows are single requests. */
  readonly summed_over_hours: number | null;
  readonly models: readonly { readonly model: string; readonly requests: number }[];
  /** By whom costs can be told apart: what the trace states of whom or what a request was for. */
  readonly attribution: readonly {
    readonly dimension: 'feature' | LabelField;
    /** Distinct names; 0: the trace states none. */
    readonly names: number;
    /** There are more names, which are summed together. */
    readonly and_more: boolean;
    /** Requests that state one. */
    readonly requests: number;
  }[];
  readonly prices_on: string;
  readonly cost_usd: number | null;
  readonly unpriced: readonly UnpricedModel[];
  /** What the trace says was billed, beside what the price book says. */
  readonly billed: ReportBilled | null;
  readonly warnings: readonly string[];
}

export interface Inspected {
  readonly inspection: TraceInspection;
  readonly rejects: TraceReading['rejects'];
}

export async function inspectTrace(
  source: string,
  book: PriceBook,
  { as, at, format, mapping, engine, max_reject_fraction, keeps_all_rejects = false, onProgress }: InspectOptions,
): Promise<Inspected> {
  const prices_on = at ?? book.newest_on;
  checkDate(prices_on);
  const assigned = as === undefined ? undefined : assignedModel(book, as, prices_on);
  const edges = allBandEdges(book);
  const names = new ResolvedNames(book, prices_on);
  const own = createRollup({ edges, assign: (request) => names.of(request) });
  const given = createRollup({ edges, assign: () => assigned });
  const modelOf = (request: TraceRequest): string | undefined =>
    request.model === undefined ? assigned : names.of(request);
  const bills = new BillRollup({ edges, assign: modelOf });
  const row_gaps = new RowGaps(book, undefined);
  const prompts = new Sizes();
  const answers = new Sizes();
  const gaps = new Gaps();

  const reading = await readUsage(
    source,
    {
      add: (request, file, line) => {
        if (request.billed_nano_usd !== undefined) {
          bills.add(request);
          row_gaps.add(request, modelOf(request) ?? UNASSIGNED, file, line);
          if (isStatement(request)) return;
        } else bills.add(request);
        (request.model === undefined ? given : own).add(request);
        if (request.until_ms !== undefined || request.requests !== 1) return;
        gaps.add(request.time_ms);
        if ((request.status ?? 0) >= 400 && isEmpty(request)) return;
        prompts.add(promptTokens(request));
        answers.add(answerTokens(request));
      },
      addGrouped: (grouped) => {
        bills.addGrouped(grouped);
        const part = (isOwn: boolean) => ({
          ...grouped,
          groups: grouped.groups.filter((one) => !isStatement(one) && (one.model !== undefined) === isOwn),
          ...(isOwn ? {} : { window: undefined, requests_per_minute: new Map<number, number>() }),
          ...(grouped.labels && {
            labels: keptKinds(grouped.labels, ({ model }) => (model !== undefined) === isOwn),
          }),
        });
        own.addGrouped(part(true));
        given.addGrouped(part(false));
      },
      addSizes: (sizes) => {
        for (const [size, requests] of sizes.prompt) prompts.add(size, requests);
        for (const [size, requests] of sizes.answer) answers.add(size, requests);
      },
    },
    {
      adapters: mapping === undefined ? undefined : [await readMapping(mapping)],
      format,
      engine,
      size_edges_tokens: sizeEdges(book),
      max_reject_fraction,
      onProgress,
      ...(keeps_all_rejects && { kept_rejects: Number.POSITIVE_INFINITY }),
    },
  );

  const [ownUsage, givenUsage] = [own.table(), given.table()];
  const has_hours = reading.clock === 'absolute';
  const charges = new UsageCharges(book);
  charges.add(ownUsage, { on: has_hours ? undefined : prices_on, has_hours });
  charges.add(givenUsage, { on: prices_on, has_hours });
  const usage = mergeUsage(ownUsage, givenUsage);
  const bill = bills.bill();
  const kinds = [...new Set(reading.files.flatMap(({ billed }) => billed ?? []))];
  const inspection: TraceInspection = {
    file: source,
    sha256: reading.sha256,
    format: reading.format,
    clock: reading.clock,
    reasons: reading.reasons,
    files: reading.files.map(({ file, format: read_as, reasons, settles, rows, rejected, sha256 }) => ({
      file,
      format: read_as,
      reasons,
      settles,
      rows,
      rejected,
      sha256,
    })),
    rows: reading.rows,
    requests: usage.buckets?.lacks_requests ? null : totals(usage).requests + usage.failed_requests,
    rejected: reading.rejected,
    skipped: reading.skipped,
    failed_requests: usage.failed_requests,
    window: windowOf(usage, reading.clock),
    tokens: tokensBySide(totals(usage)),
    quantiles: { input: prompts.quantiles() ?? null, output: answers.quantiles() ?? null },
    arrivals: arrivalsOf(usage, reading.clock, gaps),
    summed_over_hours: usage.buckets === undefined ? null : usage.buckets.longest_ms / MS_PER_HOUR,
    models: modelsOf(usage),
    attribution: attributionOf(usage),
    prices_on,
    cost_usd: usage.rows.length === 0 ? null : charges.cost_usd,
    unpriced: charges.unpriced,
    billed:
      bill === undefined
        ? null
        : billedOf({
            basis: kinds.length > 1 ? 'mixed' : (kinds[0] ?? 'estimated'),
            reconciliation: reconcile(book, bill, { on: has_hours ? undefined : prices_on, has_hours }),
            gap_rows: row_gaps.worst,
          }),
    warnings: [
      ...reading.warnings.map(({ path, message }) => (reading.files.length > 1 ? `${path}: ${message}` : message)),
      ...(has_hours && !hasDates(usage)
        ? [
            `its times lie in ${new Date(usage.window?.from_ms ?? 0).getUTCFullYear()}; are they in the unit that the format says?`,
          ]
        : []),
      ...names.told,
      ...charges.warnings,
    ],
  };
  return { inspection, rejects: reading.rejects };
}

/** Names of rows as the price book writes them, each on the day of its row; without dates, on the day of all prices. */
class ResolvedNames {
  readonly #book: PriceBook;
  readonly #prices_on: string;
  readonly #known = new Map<string, string>();
  readonly #told = new Map<string, string>();

  constructor(book: PriceBook, prices_on: string) {
    this.#book = book;
    this.#prices_on = prices_on;
  }

  get told(): readonly string[] {
    return [...this.#told.values()];
  }

  of(request: TraceRequest): string | undefined {
    const name = ownModel(request);
    if (name === undefined) return undefined;
    const day = Math.floor(request.time_ms / MS_PER_DAY);
    const key = `${day} ${name}`;
    let resolved = this.#known.get(key);
    if (resolved === undefined) {
      resolved = this.#resolve(name, day);
      this.#known.set(key, resolved);
    }
    return resolved;
  }

  #resolve(name: string, day: number): string {
    const on = day < FIRST_DAY ? this.#prices_on : new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
    const found = resolveModel(this.#book, name, on);
    if ('unknown' in found) return name;
    const rule = ruleInWords(found);
    if (rule !== undefined) this.#told.set(`${name} ${rule}`, `${name}: priced as ${rule}`);
    return `${found.seller}/${found.model}`;
  }
}

/** 2000-01-01 in days since 1970: relative clocks count from 1970, and no log is that old. */
const FIRST_DAY = 10_957;

function checkDate(date: string): void {
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || new Date(`${date}T00:00:00Z`).toJSON()?.slice(0, 10) !== date)
    throw inputError('TRACE_AT', '--at', `"${date}" is no date; allowed is a date such as 2026-11-20`);
}

function assignedModel(book: PriceBook, name: string, on: string): string {
  const found = resolveModel(book, name, on);
  if (!('unknown' in found)) return `${found.seller}/${found.model}`;
  throw inputError('PRICE_UNKNOWN_MODEL', `--as ${name}`, unknownInWords(found));
}

const iso = (ms: number): string => new Date(ms).toISOString();

const windowOf = ({ window }: UsageTable, clock: TraceReading['clock']): TraceInspection['window'] =>
  window === undefined || clock === 'none' ? null : { from: iso(window.from_ms), until: iso(window.until_ms) };

function arrivalsOf(usage: UsageTable, clock: TraceReading['clock'], gaps: Gaps): TraceInspection['arrivals'] {
  const seen = arrivals(usage);
  if (seen === undefined || clock === 'none') return null;
  return {
    mean_requests_per_second: seen.mean_requests_per_second,
    peak_minute: { from: iso(seen.peak_minute.from_ms), requests: seen.peak_minute.requests },
    peak_to_mean: seen.peak_to_mean,
    gap_variation: gaps.variation() ?? null,
  };
}

function attributionOf(usage: UsageTable): TraceInspection['attribution'] {
  const featured = usage.rows.filter(({ feature }) => feature !== '');
  return [
    {
      dimension: 'feature' as const,
      names: new Set(featured.map(({ feature }) => feature)).size,
      and_more: false,
      requests: sum(featured.map(({ requests }) => requests)),
    },
    ...LABEL_FIELDS.map((field) => {
      const { rows = [], beyond } = usage.labels?.[field] ?? {};
      return {
        dimension: field,
        names: new Set(rows.flatMap(({ label }) => label ?? [])).size,
        and_more: beyond !== undefined,
        requests: sum(rows.map(({ requests }) => requests)),
      };
    }),
  ];
}

/** Most requests first. */
function modelsOf(usage: UsageTable): TraceInspection['models'] {
  const requests = new Map<string, number>();
  for (const row of usage.rows) requests.set(row.model, (requests.get(row.model) ?? 0) + row.requests);
  return [...requests]
    .map(([model, count]) => ({ model, requests: count }))
    .sort((a, b) => b.requests - a.requests || byText(a.model, b.model));
}
