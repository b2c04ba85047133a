/**
 * The fees of a gateway and what running one takes, one sentence per figure, as its schedule has them.
 *
 * Example: a fee of 5.5 % on credit with a minimum of 0.80 USD is "5.5 % on credit bought, at least 0.80 USD a purchase". It
 * computes no cost; what a fee comes to at one's own volume is what a scenario or `price compare` says.
 */
import type { Amount } from '../amount.ts';
import { mean, type Spec } from '../distribution.ts';
import type { FeeSchedule } from '../pricing/fee-schedule.ts';
import { number } from '../report/format.ts';

type Fees = FeeSchedule['fees'];

const UNITS: Readonly<Record<string, string>> = {
  '1': '%',
  work_hour: 'hours',
  'work_hour/month': 'hours/month',
  'USD/request': 'USD a request',
};

/** Both ends of what is known, or the one figure. */
function ends(spec: Spec): readonly number[] {
  switch (spec.is) {
    case 'point':
      return [spec.value];
    case 'lognormal':
    case 'logitnormal':
    case 'normal':
      return [spec.p5, spec.p95];
    case 'uniform':
    case 'triangular':
    case 'pert':
      return [spec.min, spec.max];
    default:
      return [mean(spec)];
  }
}

export const amountInWords = ({ spec, unit, currency }: Amount): string => {
  const said = currency === undefined ? (UNITS[unit] ?? unit) : unit.replace('USD', currency);
  return `${ends(spec)
    .map((value) => number(unit === '1' ? value * 100 : value))
    .join(' to ')} ${said}`;
};

const usd = (value: number): string => `${number(value)} USD`;
const given = (...parts: (string | false | undefined)[]): string[] =>
  parts.filter((part): part is string => typeof part === 'string');

export function feesInWords({ billing, fees, kind }: Pick<FeeSchedule, 'billing' | 'fees' | 'kind'>): string[] {
  const { token_markup, credit_purchase, byok, plans, per_request, per_model, minimum_purchase_usd } = fees;
  return [
    ...(kind === 'self_hosted' ? ['no fee on tokens: sellers are paid on own keys'] : []),
    ...(kind === 'managed' && billing === 'own_keys' ? ['sellers are paid on own keys'] : []),
    ...(token_markup === undefined ? [] : [`${amountInWords(token_markup)} on token prices`]),
    ...(credit_purchase === undefined ? [] : [purchase(credit_purchase)]),
    ...(minimum_purchase_usd === undefined ? [] : [`credit is bought from ${usd(minimum_purchase_usd)} on`]),
    ...(byok === undefined || kind === 'self_hosted' ? [] : [ownKeys(byok)]),
    ...plans.map((one) => planInWords(one, fees.default_plan)),
    ...(per_request === undefined ? [] : [amountInWords(per_request)]),
    ...(per_model === undefined ? [] : [`${amountInWords(per_model)} for each model in use`]),
  ];
}

function purchase({ fee, minimum_usd, methods, processing, effective_from, expires_after_months }: Purchase): string {
  return given(
    `${amountInWords(fee)} on credit bought`,
    minimum_usd > 0 && `at least ${usd(minimum_usd)} a purchase`,
    ...Object.entries(methods).map(([name, one]) => `${amountInWords(one.fee)} by ${name}`),
    processing && `payment takes ${amountInWords(processing.fee)} and ${amountInWords(processing.fixed)} more`,
    effective_from && `since ${effective_from}`,
    expires_after_months !== undefined && `credit expires after ${expires_after_months} months`,
  ).join(', ');
}
type Purchase = NonNullable<Fees['credit_purchase']>;

function ownKeys({ fee, free_requests_per_month, free_list_usd_per_month, effective_from }: OwnKeys): string {
  if (fee.central === 0) return 'no fee on own keys';
  return given(
    `${amountInWords(fee)} of the list price on own keys`,
    free_requests_per_month > 0 && `${number(free_requests_per_month)} requests a month free`,
    free_list_usd_per_month > 0 && `${usd(free_list_usd_per_month)} of list price a month free`,
    effective_from && `since ${effective_from}`,
  ).join(', ');
}
type OwnKeys = NonNullable<Fees['byok']>;

function planInWords(
  { id, usd_per_month, included_requests, overage }: Fees['plans'][number],
  standard?: string,
): string {
  const more =
    overage === undefined
      ? undefined
      : given(
          `then ${usd(overage.usd)} per ${number(overage.per_requests)}`,
          overage.up_to_requests !== undefined && `known up to ${number(overage.up_to_requests)}`,
        ).join(', ');
  return given(
    `plan ${id}${id === standard ? ' (the default)' : ''}: ${amountInWords(usd_per_month)}`,
    included_requests !== undefined && `${number(included_requests)} requests a month included`,
    more,
  ).join(', ');
}

/** What a schedule gives: once, each month, each day. */
export function creditsInWords(allowance: Fees['allowance'], free_credit_usd: number): string[] {
  return given(
    free_credit_usd > 0 && `${usd(free_credit_usd)} of credit at signup`,
    allowance?.signup_requests !== undefined && `${number(allowance.signup_requests)} requests free after signing up`,
    allowance?.usd_per_month !== undefined &&
      `${usd(allowance.usd_per_month)} of credit each month${allowance.ends_with_first_purchase ? ', until credit is bought' : ''}`,
    allowance?.requests_per_day !== undefined &&
      `${number(allowance.requests_per_day)} requests a day free${allowance.of === undefined ? ', of which models is not known' : allowance.of === 'free_models' ? ', of free models alone' : ''}`,
  );
}

export function discountsInWords({ source, ...kinds }: FeeSchedule['passes_through']): string[] {
  const said = (['cache_read', 'batch', 'negotiated'] as const).map((kind) => {
    const reaches = kinds[kind];
    return `${DISCOUNTS[kind]}: ${reaches === undefined ? 'not known' : reaches ? 'yes' : 'no'}`;
  });
  return [`${said.join(', ')}${source === undefined ? '' : `; ${source}`}`];
}

const DISCOUNTS = {
  cache_read: 'price of cached input',
  batch: 'batch price',
  negotiated: 'own contract rates',
} as const;

export function runningInWords(hosting: FeeSchedule['self_hosting']): string[] {
  if (hosting === undefined) return [];
  return [
    `at least ${hosting.min_replicas} replicas of ${hosting.cores_per_replica} cores, ${amountInWords(hosting.replica)} each`,
    `${amountInWords(hosting.cpu_per_request)} of CPU a request, replicas added at ${amountInWords(hosting.target_utilisation)}`,
    `${amountInWords(hosting.data_stores)} for database, cache and logs`,
    `${amountInWords(hosting.setup)} of work to set up, ${amountInWords(hosting.upkeep)} to keep up`,
  ];
}
