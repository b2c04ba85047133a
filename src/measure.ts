/**
 * Measure: requests -> usage. Every request is read once; what comes out is a small table of integers.
 *
 * Which model a request counts under: the first rule of the scenario that matches; else the one it names itself; else the
 * scenario's default. Names that are not the price book's own are listed in the table with the rule that resolved them.
 * Batchable features count at the batch tier. Rows that sum requests without counting them are estimated from the scenario's
 * tokens per request; statements, which bill and count nothing, are left to the bill. Until requests are replayed through
 * policies, an attempt is a request.
 */
import { inputError } from './errors.ts';
import { answerTokens, promptTokens } from './meters.ts';
import { allBandEdges } from './pricing/bands.ts';
import type { PriceBook } from './pricing/price-book.ts';
import { resolveModel, ruleInWords } from './pricing/resolve.ts';
import { promptSizes } from './scenario/prompt-sizes.ts';
import type { Scenario } from './scenario/schema.ts';
import type { TraceRequest } from './trace/request.ts';
import { type Bill, BillRollup, isStatement } from './usage/bill.ts';
import { mapKinds } from './usage/grouped.ts';
import { createRollup, ownModel, type Rollup, UNASSIGNED } from './usage/rollup.ts';

/** A rollup to be fed with requests, and what they were billed. */
export interface Measure extends Rollup {
  /** Undefined: nothing says what was billed. Usage in it stands as it was, batchable or not. */
  bill(): Bill | undefined;
  /** The model under which a request counts. */
  modelOf(request: TraceRequest): string;
  /** The model that it was sent to, whatever the scenario assigns. */
  usedModelOf(request: TraceRequest): string;
}

export function measure(
  scenario: Pick<Scenario, 'traffic'> & Partial<Pick<Scenario, 'strategies'>>,
  book: PriceBook,
  on: string,
): Measure {
  const { models, batchable, tokens_per_request } = scenario.traffic;
  const resolved_names: Record<string, string> = {};
  const canonical = canonicalNames(book, on, resolved_names);
  const assign = (request: TraceRequest): string | undefined => {
    const own = ownModel(request);
    const rule = models.when.find(
      ({ feature, model }) =>
        (feature === undefined || feature === request.feature) &&
        (model === undefined || model === own || model === request.model),
    );
    const name = rule?.use ?? own ?? models.default;
    if (request.model === undefined && request.seller !== undefined && name !== undefined)
      resolved_names[`seller ${request.seller} without a model`] ??= `${name}, which the scenario assigns`;
    return name === undefined ? undefined : canonical(name);
  };
  const edges = allBandEdges(book, promptSizes({ strategies: scenario.strategies ?? [] }));
  const rollup = createRollup({ edges, assign });
  // A bill is held against the models that were used, whatever the scenario makes of them.
  const known = canonicalNames(book, on, {});
  const used = (request: TraceRequest): string | undefined => {
    const name = ownModel(request) ?? (isStatement(request) ? undefined : models.default);
    return name === undefined ? undefined : known(name);
  };
  const bills = new BillRollup({ edges, assign: used });
  const waits = new Set(batchable?.features);
  let isEstimated = false;
  const prepared = (request: TraceRequest): TraceRequest => {
    let ready = request;
    if (request.requests === undefined) {
      ready = { ...ready, requests: estimatedRequests(request, tokens_per_request) };
      isEstimated = true;
    }
    return waits.has(request.feature ?? '') ? { ...ready, tier: 'batch' } : ready;
  };
  return {
    add: (request) => {
      bills.add(request);
      if (!isStatement(request)) rollup.add(prepared(request));
    },
    addGrouped: (grouped) => {
      bills.addGrouped(grouped);
      rollup.addGrouped({
        ...grouped,
        groups: grouped.groups.filter((group) => !isStatement(group)).map(prepared),
        ...(grouped.labels && { labels: mapKinds(grouped.labels, prepared) }),
      });
    },
    bill: () => bills.bill(),
    modelOf: (request) => assign(request) ?? UNASSIGNED,
    usedModelOf: (request) => used(request) ?? UNASSIGNED,
    table: () => {
      const table = rollup.table();
      const { buckets } = table;
      return { ...table, resolved_names, ...(buckets && { buckets: { ...buckets, lacks_requests: isEstimated } }) };
    },
  };
}

/** Requests of a row that counts tokens alone: its tokens over those of a request, at least one where there are any. */
function estimatedRequests(row: TraceRequest, tokens_per_request: number | undefined): number {
  if (tokens_per_request === undefined)
    throw inputError(
      'TRACE_REQUESTS',
      'traffic.tokens_per_request',
      'the trace counts tokens and no requests; say how many tokens a request has, prompt and answer together, such as `traffic: {tokens_per_request: 2500}`',
    );
  const tokens = promptTokens(row) + answerTokens(row);
  return tokens === 0 ? 0 : Math.max(1, Math.round(tokens / tokens_per_request));
}

/** Names as the price book writes them; what it does not know stays as it is, to be told as unpriced. */
function canonicalNames(book: PriceBook, on: string, resolved_names: Record<string, string>): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    let resolved = known.get(name);
    if (resolved === undefined) {
      const found = resolveModel(book, name, on);
      resolved = 'seller' in found ? `${found.seller}/${found.model}` : name;
      const rule = 'seller' in found ? ruleInWords(found) : undefined;
      if (rule !== undefined) resolved_names[name] = rule;
      known.set(name, resolved);
    }
    return resolved;
  };
}
