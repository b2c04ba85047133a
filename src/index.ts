/**
 * The library: evaluate a scenario on traffic and prices, and get line items, break-even and a report model.
 *
 *   const book = await readPriceBook();
 *   const question = await readScenario('my.yaml', [], book);
 *   const traffic = await readTraffic(question.scenario, 'my.yaml', book);
 *   const evaluation = evaluate(question, traffic.usage, book, traffic.replays);
 *
 * With draws: evaluate(question, traffic.usage, book, traffic.replays, { draws: 2000 }).uncertainty says how sure the answer is;
 * figures of it are shares of draws (0 to 1), US dollars, and months counted from 1.
 *
 * Every `_usd` is US dollars, not rounded. What is wrong with an input is thrown once, as an InputError.
 */

// analysis
export { bestCommitment, commitmentCost, criticalRatio, type Spending } from './analysis/best-commitment.ts';
export { type BestContract, chooseContracts } from './analysis/best-contract.ts';
export { type BestDecision, bestDecisions } from './analysis/best-decisions.ts';
export { type BestSplit, bestSplit } from './analysis/best-split.ts';
export { type BestSwitch, chooseSwitches, type PhaseLength } from './analysis/best-switch.ts';
export { type BreakEven, breakEvens } from './analysis/break-even.ts';
export { findCrossings, linearGrid, logarithmicGrid, type Search } from './analysis/crossings.ts';
export { type Recommendation, recommend } from './analysis/recommendation.ts';
export { appraise, costOf } from './appraise.ts';
// claims
export { checkClaims, claimsOf } from './claims/claims-of.ts';
// statistics on draws
export { cheapest, pairedDifference } from './decision/cheapest.ts';
export { compareRisk } from './decision/dominance.ts';
export { driverMap } from './decision/driver-map.ts';
export { sobolIndices } from './decision/sobol-indices.ts';
export { summarise } from './decision/summary.ts';
export { tornado } from './decision/tornado.ts';
export { partialInformation, perfectInformation } from './decision/value-of-information.ts';
export { cdf, mean, quantile, type Spec, sd } from './distribution.ts';
// errors
export { type Diagnostic, InputError } from './errors.ts';
// the pipeline
export { type Alternative, type Evaluation, evaluate } from './evaluate.ts';
export { type ExplainedLine, explain } from './explain.ts';
// conditions over figures
export { parseCondition } from './formula/condition.ts';
// files
export { readPriceBook } from './io/read-price-book.ts';
export { readScenario } from './io/read-scenario.ts';
export { readTrace } from './io/read-trace.ts';
export { readTraffic } from './io/read-traffic.ts';
export { writeReport } from './io/write-report.ts';
export { measure } from './measure.ts';
// the model
export { Machine } from './model/machine.ts';
export { alternatives, type Model } from './model/model.ts';
export { Sheet } from './model/sheet.ts';
export { type Prepared, prepare } from './prepare.ts';
export { type Charge, charge, chargeReported } from './pricing/charge.ts';
export { decompose } from './pricing/decompose.ts';
export type { PriceBook } from './pricing/price-book.ts';
export { resolveModel } from './pricing/resolve.ts';
// the replay
export { BatchBuilder, batchesOf } from './replay/build-batches.ts';
export { CacheStudy, cacheStudyOf } from './replay/caches/cache-study.ts';
export type { CacheStudyResult } from './replay/caches/cache-study-result.ts';
export { type ReplayPlan, replayPlan } from './replay/plan.ts';
export { Replay, replay } from './replay/replay.ts';
export type { Replayed, ReplayedStrategies } from './replay/replayed.ts';
export { Replays } from './replay/replays.ts';
export type { ReplayResult } from './replay/result.ts';
export { pricedSavings } from './replay/savings.ts';
export { replayFacts, replayPlans } from './replay-plans.ts';
// reports
export { buildReport } from './report/build.ts';
export { type Report, reportContract } from './report/contract.ts';
export { renderHtml } from './report/html.ts';
export { renderJson } from './report/json.ts';
export { renderMarkdown } from './report/markdown.ts';
export type { Provenance } from './report/provenance.ts';
// results
export { compareReports } from './results/compare.ts';
export { comparisonMarkdown, comparisonText } from './results/comparison-words.ts';
export { flipsOf, lineOf, mapOf } from './results/driver-sweep.ts';
export { judgePolicies, readPolicies } from './results/policy.ts';
export { reportFigures, resultNames } from './results/report-figures.ts';
// policies
export { compileRouting } from './routing/compile.ts';
export { Cursor } from './routing/cursor.ts';
export { parseRouting, type Routing } from './routing/routing.ts';
export { createRoutingState, type RoutingState } from './routing/state.ts';
export { sampledOutages } from './sampled-outages.ts';
// draws
export { type Draws, drawInputs } from './sampling/draws.ts';
// scenarios, traffic and prices
export { type Question, resolveScenario } from './scenario/resolve.ts';
export type { Scenario, ScenarioInput } from './scenario/schema.ts';
export { type FoundSplit, settleSplits } from './settle-splits.ts';
export { StrategyReplays } from './strategy-replays.ts';
export type { TraceRequest } from './trace/request.ts';
export { mergeUsage } from './usage/merge.ts';
export { createRollup, totals } from './usage/rollup.ts';
export type { UsageTable } from './usage/table.ts';
