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
import { resolveModel, unknownInWords } from '../pricing/resolve.ts';
import { RowGaps } from '../pricing/row-gaps.ts';
import { UsageCharges } from '../pricing/usage-charges.ts';
import { billedOf } from '../report/build-traffic.ts';
import type { TraceRequest } from '../trace/request.ts';
import { MS_PER_HOUR } from '../units.ts';
import { Gaps } from '../usage/arrivals.ts';
import { BillRollup, isStatement } from '../usage/bill.ts';
import { keptKinds } from '../usage/grouped.ts';
import { mergeUsage } from '../usage/merge.ts';
import { Sizes } from '../usage/quantiles.ts';
import { createRollup, totals, UNASSIGNED } from '../usage/rollup.ts';
import { hasDates } from '../usage/table.ts';
import { arrivalsOf, attributionOf, modelsOf, windowOf } from './inspected-usage.ts';
import type { TraceInspection } from './inspection-contract.ts';
import { ResolvedNames } from './resolved-names.ts';

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

function checkDate(date: string): void {
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || new Date(`${date}T00:00:00Z`).toJSON()?.slice(0, 10) !== date)
    throw inputError('TRACE_AT', '--at', `"${date}" is no date; allowed is a date such as 2026-11-20`);
}

function assignedModel(book: PriceBook, name: string, on: string): string {
  const found = resolveModel(book, name, on);
  if (!('unknown' in found)) return `${found.seller}/${found.model}`;
  throw inputError('PRICE_UNKNOWN_MODEL', `--as ${name}`, unknownInWords(found));
}
