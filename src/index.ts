/**
 * The library: evaluate a scenario on traffic and prices, and get line items, break-even and a report model.
 *
 *   const book = await readPriceBook();
 *   const question = await readScenario('my.yaml', [], book);
 *   const traffic = await readTraffic(question.scenario, 'my.yaml', book, undefined, () => {});
 *   const evaluation = evaluate(question, traffic.usage, book);
 *
 * Every `_usd` is US dollars, not rounded. What is wrong with an input is thrown once, as an InputError.
 */

// the pipeline
export { evaluate, type Alternative, type Evaluation } from './evaluate.ts';
export { measure } from './measure.ts';
export { prepare, type Prepared } from './prepare.ts';
export { appraise, costOf } from './appraise.ts';
export { explain, type ExplainedLine } from './explain.ts';

// the model
export { Machine } from './model/machine.ts';
export { alternatives, type Model } from './model/model.ts';
export { Sheet } from './model/sheet.ts';

// scenarios, traffic and prices
export { resolveScenario, type Question } from './scenario/resolve.ts';
export type { Scenario, ScenarioInput } from './scenario/schema.ts';
export { createRollup, totals } from './usage/rollup.ts';
export { mergeUsage } from './usage/merge.ts';
export type { UsageTable } from './usage/table.ts';
export type { TraceRequest } from './trace/request.ts';
export { resolveModel, type PriceBook } from './pricing/price-book.ts';
export { charge, type Charge } from './pricing/charge.ts';

// analysis
export { breakEvens, type BreakEven } from './analysis/break-even.ts';
export { findCrossings, linearGrid, logarithmicGrid, type Search } from './analysis/crossings.ts';
export { recommend, type Recommendation } from './analysis/recommendation.ts';

// reports
export { buildReport, type Provenance } from './report/build.ts';
export { reportContract, type Report } from './report/contract.ts';
export { renderHtml } from './report/html.ts';
export { renderJson } from './report/json.ts';
export { renderMarkdown } from './report/markdown.ts';

// files
export { readPriceBook } from './io/read-price-book.ts';
export { readScenario } from './io/read-scenario.ts';
export { readTrace } from './io/read-trace.ts';
export { readTraffic } from './io/read-traffic.ts';
export { writeReport } from './io/write-report.ts';

// errors
export { InputError, type Diagnostic } from './errors.ts';
