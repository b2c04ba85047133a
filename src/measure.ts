/**
 * Measure: requests -> usage. Every request is read once; what comes out is a small table of integers.
 *
 * Which model a request counts under: the first rule of the scenario that matches; else the one it names itself; else the
 * scenario's default. Names that are not the price book's own are listed in the table with the rule that resolved them.
 * Batchable features count at the batch tier. Until requests are replayed through policies, an attempt is a request.
 */
import { allBandEdges } from './pricing/bands.ts';
import type { PriceBook } from './pricing/price-book.ts';
import { resolveModel, ruleInWords } from './pricing/resolve.ts';
import type { Scenario } from './scenario/schema.ts';
import type { TraceRequest } from './trace/request.ts';
import { createRollup, ownModel, type Rollup } from './usage/rollup.ts';

/** A rollup to be fed with requests. */
export function measure(scenario: Pick<Scenario, 'traffic'>, book: PriceBook, on: string): Rollup {
  const { models, batchable } = scenario.traffic;
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
  const counted = createRollup({ edges: allBandEdges(book), assign });
  const rollup: Rollup = { ...counted, table: () => ({ ...counted.table(), resolved_names }) };
  if (batchable === undefined) return rollup;
  const waits = new Set(batchable.features);
  const waiting = (request: TraceRequest): TraceRequest =>
    waits.has(request.feature ?? '') ? { ...request, tier: 'batch' } : request;
  return {
    ...rollup,
    add: (request) => rollup.add(waiting(request)),
    addGrouped: (grouped) => rollup.addGrouped({ ...grouped, groups: grouped.groups.map(waiting) }),
  };
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
