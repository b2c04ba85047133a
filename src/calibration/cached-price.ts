/**
 * Cached input: whether a gateway passes the price of cached tokens on, yes or no, beside what its answers tell and cost.
 *
 *   yes   cached tokens are told, and cost less than 95 % of fresh ones by the costs told
 *   no    the baseline tells cached tokens and the gateway none, or most of their discount does not reach the cost
 *
 * Cached tokens without a cost are not taken for a price. The source of a yes or no becomes a comment. How often one's own
 * prompts are read from a cache is no property of a route: a replay counts it.
 */
import type { Finding } from '../measurements/contract.ts';
import type { Calibrating } from './calibrating.ts';
import { pathText, sourceText } from './edit.ts';
import type { Match } from './matches.ts';
import { type Assumed, type MeasuredValue, type Row, verdictOf } from './row.ts';

const HARDLY_CHEAPER = 0.95;

export const cachedPriceRows = (x: Calibrating): Row[] =>
  x.matches.matched.flatMap((match) => (match.is === 'gateway' ? [rowOf(x, match)] : []));

function rowOf(x: Calibrating, { id, target, strategies }: Match): Row {
  const keys = ['gateways', id, 'passes_through', 'cache_read'];
  const path = pathText(keys);
  const isOwn = x.evaluation.question.stated.has(keys.join('.'));
  const assumed = assumedPrice(x, id, isOwn);
  const row = { quantity: 'cached_price', path, unit: 'yes/no', strategies, assumed } as const;
  const finding = x.measurements.findings.find((one) => one.target === target.id && one.check === 'prompt_cache');
  const found = target.skipped === null ? answerOf(finding, target.id) : `${target.id} was skipped: ${target.skipped}`;
  if (typeof found === 'string') return { ...row, measured: null, verdict: 'not_measured', why: [found], edits: [] };
  const value = found.isPassed ? 1 : 0;
  const measured: MeasuredValue = {
    targets: [target.id],
    value,
    low: value,
    high: value,
    level: 0.95,
    samples: 1,
    on: x.origin.on,
    how: found.how,
  };
  const why = ['one prompt, sent up to three times: no interval'];
  const comment = sourceText(x.origin, measured.targets);
  return {
    ...row,
    measured,
    verdict: verdictOf(assumed, measured),
    why,
    edits: [{ keys, value: found.isPassed, comment }],
  };
}

/** Where nothing is said, as the model takes it: sellers that invoice keep their prices, a gateway's credit has none of its own. */
function assumedPrice(x: Calibrating, id: string, isOwn: boolean): Assumed {
  const { scenario, gateways } = x.evaluation.question;
  const schedule = gateways.get(id)!;
  const { cache_read, source } = schedule.passes_through;
  const isOnCredit = scenario.strategies.some(
    (one) => one.kind === 'managed_gateway' && one.gateway === id && (one.billing ?? schedule.billing) === 'credits',
  );
  const value = (cache_read ?? !isOnCredit) ? 1 : 0;
  const unsaid = isOnCredit
    ? 'not known: the model prices cached input as input'
    : 'not known: on own keys the seller invoices, so the model keeps its price';
  return {
    value,
    low: value,
    high: value,
    source: cache_read === undefined ? unsaid : isOwn ? 'scenario' : (source ?? `pricing/gateways/${id}.yaml`),
    as_of: isOwn || cache_read === undefined ? null : schedule.as_of,
    given: isOwn,
  };
}

/** A text says why it is not known. */
function answerOf(
  finding: Finding | undefined,
  target: string,
): { readonly isPassed: boolean; readonly how: string } | string {
  if (finding === undefined) return `the check prompt_cache was not made on ${target}`;
  const figure = (name: string): number | null => finding.figures.find((one) => one.name === name)?.value ?? null;
  const [read, price] = [figure('cache_read_fraction'), figure('cached_price_fraction')];
  const isFailed = finding.verdict === 'fail';
  if (read === null)
    return isFailed
      ? { isPassed: false, how: 'check prompt_cache: cached tokens at the baseline, none here' }
      : `the check prompt_cache on ${target} saw no cached tokens (${finding.verdict.replace('_', ' ')})`;
  if (isFailed)
    return { isPassed: false, how: 'check prompt_cache: cached tokens told, most of their discount not passed on' };
  if (price === null) return `${target} tells cached tokens and no cost: what they cost is not known`;
  return {
    isPassed: price < HARDLY_CHEAPER,
    how: `cached_price_fraction of the check prompt_cache: ${Number(price.toPrecision(3))} of the price of fresh tokens`,
  };
}
