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
import { isOnCredit, type Match, modelOf } from './matches.ts';
import { type Assumed, exactly, type MeasuredValue, type Row, verdictOf } from './row.ts';

const HARDLY_CHEAPER = 0.95;

export const cachedPriceRows = (x: Calibrating): Row[] =>
  x.matches.matched.flatMap((match) => (match.is === 'gateway' ? [rowOf(x, match)] : []));

function rowOf(x: Calibrating, { id, target, strategies }: Match): Row {
  const keys = ['gateways', id, 'passes_through', 'cache_read'];
  const path = pathText(keys);
  const isOwn = x.evaluation.question.stated.has(keys.join('.'));
  const assumed = assumedPrice(x, id, isOwn);
  const row = { quantity: 'cached_price', path, unit: 'yes/no', strategies, assumed } as const;
  const found = answerOf(x, target);
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
  const schedule = x.evaluation.question.gateways.get(id)!;
  const { cache_read, source } = schedule.passes_through;
  const pays = isOnCredit(x.evaluation, id);
  if (cache_read === undefined) {
    const unsaid = pays
      ? 'not known: the model prices cached input as input'
      : 'not known: on own keys the seller invoices, so the model keeps its price';
    return exactly(pays ? 0 : 1, { source: unsaid, as_of: null, given: false });
  }
  return exactly(cache_read ? 1 : 0, {
    source: isOwn ? 'scenario' : (source ?? `pricing/gateways/${id}.yaml`),
    as_of: isOwn ? null : schedule.as_of,
    given: isOwn,
  });
}

/** A text says why it is not known. */
function answerOf(
  x: Calibrating,
  target: Match['target'],
): { readonly isPassed: boolean; readonly how: string } | string {
  if (target.skipped !== null) return `${target.id} was skipped: ${target.skipped}`;
  const own = findingOf(x, target);
  if (own === undefined) return `the check prompt_cache was not made on ${target.id}`;
  const [read, price] = [figureValue(own, 'cache_read_fraction'), figureValue(own, 'cached_price_fraction')];
  const isFailed = own.verdict === 'fail';
  if (read === null)
    return isFailed && isRead(x, target) && isAnswered(x, own)
      ? { isPassed: false, how: 'check prompt_cache: cached tokens at the baseline, none here' }
      : `the check prompt_cache on ${target.id} saw no cached tokens (${own.verdict.replace('_', ' ')})`;
  if (isFailed)
    return { isPassed: false, how: 'check prompt_cache: cached tokens told, most of their discount not passed on' };
  if (price === null) return `${target.id} tells cached tokens and no cost: what they cost is not known`;
  return {
    isPassed: price < HARDLY_CHEAPER,
    how: `cached_price_fraction of the check prompt_cache: ${Number(price.toPrecision(3))} of the price of fresh tokens`,
  };
}

const findingOf = ({ measurements }: Calibrating, { id }: Match['target']): Finding | undefined =>
  measurements.findings.find((one) => one.target === id && one.check === 'prompt_cache');

const figureValue = ({ figures }: Finding, name: string): number | null =>
  figures.find((one) => one.name === name)?.value ?? null;

/** Whether the same model reads its cache at the baseline. */
function isRead(x: Calibrating, target: Match['target']): boolean {
  const baseline = x.measurements.targets.find((one) => one.is_baseline);
  if (baseline === undefined || modelOf(baseline) !== modelOf(target)) return false;
  const there = findingOf(x, baseline);
  return there !== undefined && (figureValue(there, 'cache_read_fraction') ?? 0) > 0;
}

/** A check fails where a call is refused too, which says nothing of a cache. */
const isAnswered = ({ measurements }: Calibrating, { evidence }: Finding): boolean =>
  measurements.evidence.every(({ id, status }) => !evidence.includes(id) || (status !== null && status < 300));
