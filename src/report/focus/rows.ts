/**
 * report.json -> rows of focus.csv: one per month, strategy, component or model, category and state of a commitment.
 *
 * Each strategy is a billing account of its own, since only one of them is ever paid: rows of several must not be summed.
 * Sellers and gateways stand by their ids. Costs of what has no price are empty, with a word in x_Unpriced; FOCUS itself knows
 * no such rows.
 */
import { addMonths } from '../../units.ts';
import type { Component, Report, ReportStrategy } from '../contract.ts';
import type { Charge } from './charge.ts';
import { chargesOf } from './charges.ts';
import type { FocusRow } from './columns.ts';

export const focusRows = (report: Report): FocusRow[] =>
  report.strategies.flatMap((strategy) =>
    Array.from({ length: report.horizon_months }, (_, month) =>
      chargesOf(report, strategy, month)
        .filter(isSaid)
        .map((charge) => rowOf(report, strategy, month, charge)),
    ).flat(),
  );

/** A charge of nothing, for no traffic, says nothing. */
const isSaid = ({ effective, billed, list, usage, model, unpriced }: Charge): boolean =>
  effective !== 0 || billed !== 0 || list !== 0 || unpriced?.isWhole === true || (model !== null && usage !== null);

type Service = Pick<FocusRow, 'ServiceCategory' | 'ServiceSubcategory'>;
const GENERATIVE: Service = { ServiceCategory: 'AI and Machine Learning', ServiceSubcategory: 'Generative AI' };
const SERVICES: Partial<Record<Component, Service>> = {
  gateway_fees: { ServiceCategory: 'Integration', ServiceSubcategory: 'API Management' },
  infrastructure: { ServiceCategory: 'Compute', ServiceSubcategory: 'Other (Compute)' },
  engineering: { ServiceCategory: 'Other', ServiceSubcategory: 'Other (Other)' },
};

const serviceName = ({ component, provider }: Charge): string =>
  component === 'gateway_fees'
    ? `${provider} gateway`
    : SERVICES[component] === undefined
      ? `${provider} API`
      : provider;

const startOf = (report: Report, month: number): string => `${addMonths(report.start, month)}-01T00:00:00Z`;

function rowOf(report: Report, strategy: ReportStrategy, month: number, charge: Charge): FocusRow {
  const { commitment, unpriced, category } = charge;
  // What is for no single model is traffic that other rows count already.
  const usage = charge.model === null ? null : charge.usage;
  const isUnused = commitment?.status === 'Unused';
  const usd = (value: number): number | null => (unpriced?.isWhole === true ? null : value);
  const isMetered = category === 'Usage' || category === 'Purchase';
  const [quantity, unit] = isMetered ? quantityOf(charge) : [null, null];
  const isConsumed = category === 'Usage' && !isUnused;
  return {
    BilledCost: usd(charge.billed),
    BillingAccountId: strategy.id,
    BillingAccountName: `${report.scenario.name}: ${strategy.title}`,
    BillingCurrency: report.currency,
    BillingPeriodEnd: startOf(report, month + 1),
    BillingPeriodStart: startOf(report, month),
    ChargeCategory: category,
    ChargeClass: null,
    ChargeDescription: charge.description,
    ChargeFrequency: charge.frequency,
    ChargePeriodEnd: startOf(report, month + 1),
    ChargePeriodStart: startOf(report, month),
    ...commitmentCells(charge),
    ConsumedQuantity: isConsumed ? quantity : null,
    ConsumedUnit: isConsumed ? unit : null,
    ContractedCost: usd(charge.contracted),
    EffectiveCost: usd(charge.effective),
    InvoiceIssuerName: charge.issuer,
    ListCost: usd(charge.list),
    PricingCategory: isMetered ? (commitment?.status == null ? 'Standard' : 'Committed') : null,
    PricingQuantity: quantity,
    PricingUnit: unit,
    ProviderName: charge.provider,
    PublisherName: charge.publisher,
    ...(SERVICES[charge.component] ?? GENERATIVE),
    ServiceName: serviceName(charge),
    x_CacheReadTokens: usage?.tokens.cache_read ?? null,
    x_CacheWriteTokens: usage?.tokens.cache_write ?? null,
    x_Component: charge.component,
    x_InputTokens: usage?.tokens.input ?? null,
    x_Model: charge.model,
    x_OutputTokens: usage?.tokens.output ?? null,
    x_Requests: usage?.requests ?? null,
    x_Strategy: strategy.id,
    x_Unpriced: unpriced && `${unpriced.isWhole ? 'no price' : 'priced in part'}: ${unpriced.why}`,
    x_Via: charge.via,
  };
}

/** Tokens where there are any, else requests; dollars of a commitment that nobody uses; one of what is bought. */
function quantityOf({ usage, commitment, effective }: Charge): [number, string] {
  if (commitment?.status === 'Unused') return [effective, 'USD'];
  if (usage === null) return [1, 'Units'];
  const { input, cache_read, cache_write, output } = usage.tokens;
  const tokens = input + cache_read + cache_write + output;
  return tokens > 0 ? [tokens, 'Tokens'] : [usage.requests, 'Requests'];
}

type Commitment = Extract<keyof FocusRow, `CommitmentDiscount${string}`>;

function commitmentCells({ commitment, effective, billed, category }: Charge): Pick<FocusRow, Commitment> {
  if (commitment === null)
    return {
      CommitmentDiscountCategory: null,
      CommitmentDiscountId: null,
      CommitmentDiscountName: null,
      CommitmentDiscountQuantity: null,
      CommitmentDiscountStatus: null,
      CommitmentDiscountType: null,
      CommitmentDiscountUnit: null,
    };
  return {
    CommitmentDiscountCategory: 'Spend',
    CommitmentDiscountId: `commitment-${commitment.seller}`,
    CommitmentDiscountName: `Committed spend with ${commitment.seller}`,
    CommitmentDiscountQuantity: category === 'Purchase' ? billed : effective,
    CommitmentDiscountStatus: commitment.status,
    CommitmentDiscountType: 'Committed spend',
    CommitmentDiscountUnit: 'USD',
  };
}
