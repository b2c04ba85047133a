/**
 * What a model costs in a month at one's own mix of tokens: at every seller of it, and through every gateway.
 *
 * Direct offers are the cards of the same model (pricing/equivalents.yaml), gateways pass on the price of the seller asked
 * for. Fees come from the same cost components as a report: a scenario of one month with the same requests throughout, on
 * prices frozen at the date. Left out: engineering, outages, latency, credits given once. What is not known is null.
 */
import { type Alternative, type Evaluation, evaluate } from '../evaluate.ts';
import { NO_COUNTS, promptTokens, TOKEN_METERS, type TokenMeter } from '../meters.ts';
import { periodAt, staleWarning } from '../pricing/as-of.ts';
import { bandEdges } from '../pricing/bands.ts';
import { offersOf } from '../pricing/equivalents.ts';
import type { FeeSchedule } from '../pricing/fee-schedule.ts';
import { type PriceBook, rateCardOf } from '../pricing/price-book.ts';
import { resolveScenario } from '../scenario/resolve.ts';
import { MS_PER_HOUR, sum } from '../units.ts';
import { bandOf } from '../usage/rollup.ts';
import type { UsageTable } from '../usage/table.ts';

export interface Mix {
  /** Tokens of one request, by meter. */
  readonly tokens: Readonly<Partial<Record<TokenMeter, number>>>;
  /** In a month. */
  readonly requests: number;
}

export interface Offer {
  readonly kind: 'direct' | 'gateway' | 'self_hosted';
  /** `openai/gpt-4o`, or `openrouter`, with its plan where it has several. */
  readonly name: string;
  /** Per month, USD; null where it is not known. */
  readonly tokens_usd: number | null;
  readonly fee_usd: number | null;
  /** Servers and data stores of a gateway that one runs oneself. */
  readonly infrastructure_usd: number | null;
  readonly total_usd: number | null;
  /** Fee over tokens. */
  readonly markup_fraction: number | null;
  readonly over_cheapest_direct_usd: number | null;
  readonly fees: readonly { readonly label: string; readonly usd: number }[];
  /** Once, at the start; in no total. */
  readonly once_usd: number;
  readonly confidence: string;
  readonly as_of: string;
  readonly unverified: readonly string[];
  /** Why it has no total, and what to know of it. */
  readonly remarks: readonly string[];
}

export interface Comparison {
  readonly model: string;
  readonly at: string;
  readonly requests_per_month: number;
  readonly tokens_per_request: Mix['tokens'];
  readonly offers: readonly Offer[];
}

export function compareOffers(book: PriceBook, seller: string, model: string, mix: Mix, on: string): Comparison {
  const frozen = frozenAt(book, on);
  const name = `${seller}/${model}`;
  const names = offersOf(book.equivalents, name);
  const direct = names.map((offer) => directOffer(book, frozen, offer, mix, on));
  const gateways = [...book.gateways.values()].filter(({ gateway }) => !book.sellers.has(gateway));
  const offers = [...direct, ...gatewayOffers(frozen, name, gateways, mix, on)];
  const totals = direct.flatMap(({ total_usd }) => total_usd ?? []);
  const cheapest = totals.length === 0 ? null : Math.min(...totals);
  return {
    model: name,
    at: on,
    requests_per_month: mix.requests,
    tokens_per_request: mix.tokens,
    offers: offers
      .map((offer) => ({
        ...offer,
        over_cheapest_direct_usd: offer.total_usd === null || cheapest === null ? null : offer.total_usd - cheapest,
      }))
      .sort(
        (a, b) =>
          Number(a.kind !== 'direct') - Number(b.kind !== 'direct') ||
          (a.total_usd ?? Number.POSITIVE_INFINITY) - (b.total_usd ?? Number.POSITIVE_INFINITY) ||
          (a.name < b.name ? -1 : 1),
      ),
  };
}

/** Every card at its one period of a date, since ever and until further notice: a month then has the prices of that day. */
function frozenAt(book: PriceBook, on: string): PriceBook {
  const sellers = [...book.sellers.values()].map((file) => ({
    ...file,
    cards: file.cards.flatMap((card) => {
      const { period } = periodAt(card, on);
      return period === undefined ? [] : [{ ...card, periods: [{ ...period, from: undefined, until: undefined }] }];
    }),
  }));
  return { ...book, sellers: new Map(sellers.map((file) => [file.seller, file])) };
}

function directOffer(book: PriceBook, frozen: PriceBook, name: string, mix: Mix, on: string): Offer {
  const { seller, model } = apart(name);
  const card = rateCardOf(book, seller, model)!;
  const { period, warnings } = periodAt(card, on, {}, name);
  const known = [...warnings, staleWarning(card.as_of, on, name)].flatMap((found) => found?.message ?? []);
  const base = { name, kind: 'direct', confidence: card.confidence, as_of: card.as_of, unverified: [] } as const;
  if (period === undefined) return { ...UNKNOWN, ...base, remarks: ['it has no price on that date'] };
  const evaluation = evaluated(frozen, name, [DIRECT], mix, on);
  const remarks = [
    ...known,
    ...evaluation.diagnostics.filter(({ code }) => code === 'PRICE_WINDOW_SPREAD').map(({ message }) => message),
  ];
  return { ...sumsOf(evaluation, 'direct'), ...base, remarks: [...remarks, ...reasons(evaluation, 'direct')] };
}

interface Access {
  readonly id: string;
  readonly schedule: FeeSchedule;
  readonly plan: string | undefined;
}

function gatewayOffers(
  frozen: PriceBook,
  name: string,
  gateways: readonly FeeSchedule[],
  mix: Mix,
  on: string,
): Offer[] {
  const { seller, model } = apart(name);
  if (rateCardOf(frozen, seller, model) === undefined) return [];
  const ways = gateways.flatMap((schedule): Omit<Access, 'id'>[] => {
    const plans = schedule.kind === 'managed' ? schedule.fees.plans : [];
    return plans.length === 0 ? [{ schedule, plan: undefined }] : plans.map((plan) => ({ schedule, plan: plan.id }));
  });
  const access = ways.map((way, i): Access => ({ ...way, id: `way-${i}` }));
  const strategies = access.map(({ id, schedule, plan }) =>
    schedule.kind === 'self_hosted' && schedule.self_hosting !== undefined
      ? { id, kind: 'self_hosted_gateway', gateway: schedule.gateway }
      : { id, kind: 'managed_gateway', gateway: schedule.gateway, ...(plan === undefined ? {} : { plan }) },
  );
  const evaluation = evaluated(frozen, name, [DIRECT, ...strategies], mix, on);
  return access.map(({ id, schedule, plan }): Offer => {
    const remarks = [
      ...(schedule.status === 'active' ? [] : [`it is in status "${schedule.status}"`]),
      ...(schedule.fees.token_markup !== undefined && schedule.fees.token_markup.spec.is !== 'point'
        ? ['its markup is a range; the middle is used']
        : []),
    ];
    const base = {
      name: plan === undefined ? schedule.gateway : `${schedule.gateway} (${plan})`,
      kind: schedule.kind === 'self_hosted' ? 'self_hosted' : 'gateway',
      confidence: schedule.confidence,
      as_of: schedule.as_of,
      unverified: schedule.unverified,
    } as const;
    if (isFeeUnknown(schedule)) return { ...UNKNOWN, ...base, remarks: [...remarks, 'its fees are not known'] };
    return { ...sumsOf(evaluation, id), ...base, remarks: [...remarks, ...reasons(evaluation, id)] };
  });
}

/** No fee stated and nothing that vouches for there being none. */
function isFeeUnknown({ confidence, kind, fees }: FeeSchedule): boolean {
  const { token_markup, credit_purchase, byok, plans, per_request, per_model } = fees;
  const isSilent = [token_markup, credit_purchase, byok, per_request, per_model].every((fee) => fee === undefined);
  return confidence === 'none' || (kind === 'managed' && isSilent && plans.length === 0);
}

const DIRECT = { id: 'direct', kind: 'direct' };

function evaluated(book: PriceBook, name: string, strategies: readonly object[], mix: Mix, on: string): Evaluation {
  const question = resolveScenario(
    {
      name: 'price compare',
      start: on.slice(0, 7),
      horizon: 1,
      discount_rate: 0,
      traffic: { trace: 'counts of the command line', volume: { requests_per_month: mix.requests } },
      outages: { from: 'none' },
      engineering: { loaded_rate: 0 },
      baseline: 'direct',
      strategies,
    },
    book,
  );
  return evaluate(question, usageOf(book, name, mix, on), book);
}

/** The requests of a month in one hour: too short to tell hours of the week apart, so that price windows are averaged. */
function usageOf(book: PriceBook, name: string, { tokens, requests }: Mix, on: string): UsageTable {
  const { seller, model } = apart(name);
  const from_ms = Date.parse(`${on.slice(0, 10)}T00:00:00Z`);
  const edges = bandEdges(book, seller, model, on);
  const band = bandOf(promptTokens({ ...NO_COUNTS, ...tokens }), edges);
  const sums = Object.fromEntries(TOKEN_METERS.map((meter) => [meter, (tokens[meter] ?? 0) * requests]));
  return {
    edges: { [name]: edges },
    rows: [
      {
        ...NO_COUNTS,
        ...sums,
        hour: from_ms / MS_PER_HOUR,
        model: name,
        feature: '',
        band,
        tier: 'standard',
        requests,
      },
    ],
    window: { from_ms, until_ms: from_ms + MS_PER_HOUR },
    failed_requests: 0,
    requests_per_minute: new Map(),
  };
}

type Line = Alternative['lines'][number];
type Sums = Omit<Offer, 'kind' | 'name' | 'confidence' | 'as_of' | 'unverified' | 'remarks'>;

const UNKNOWN: Sums = {
  tokens_usd: null,
  fee_usd: null,
  infrastructure_usd: null,
  total_usd: null,
  markup_fraction: null,
  over_cheapest_direct_usd: null,
  fees: [],
  once_usd: 0,
};

function sumsOf(evaluation: Evaluation, id: string): Sums {
  const found = evaluation.alternatives.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no alternative ${id}`);
  if (found.isUnpriced || found.excluded !== undefined) return UNKNOWN;
  const monthly = (component: string): Line[] =>
    found.lines.filter(({ line }) => line.component === component && line.timing === 'monthly');
  const total = (lines: readonly Line[]): number => sum(lines.map(({ amounts_usd }) => amounts_usd[0]!));
  const fees = monthly('gateway_fees');
  const [tokens_usd, fee_usd, infrastructure_usd] = [monthly('token_charges'), fees, monthly('infrastructure')].map(
    total,
  ) as [number, number, number];
  return {
    tokens_usd,
    fee_usd,
    infrastructure_usd,
    total_usd: tokens_usd + fee_usd + infrastructure_usd,
    markup_fraction: tokens_usd === 0 ? null : fee_usd / tokens_usd,
    over_cheapest_direct_usd: null,
    fees: fees.map(({ line, amounts_usd }) => ({ label: line.label, usd: amounts_usd[0]! })),
    once_usd: total(found.lines.filter(({ line }) => line.component === 'gateway_fees' && line.timing === 'start')),
  };
}

function reasons(evaluation: Evaluation, id: string): string[] {
  const excluded = evaluation.alternatives.find((one) => one.id === id)?.excluded;
  const unpriced = [...evaluation.prepared.quotes.unpriced.values()].filter(({ strategies }) => strategies.has(id));
  return [...(excluded === undefined ? [] : [excluded]), ...unpriced.map(({ reason }) => reason)];
}

function apart(name: string): { seller: string; model: string } {
  const slash = name.indexOf('/');
  return { seller: name.slice(0, slash), model: name.slice(slash + 1) };
}
