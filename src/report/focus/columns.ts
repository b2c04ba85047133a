/**
 * Columns of focus.csv in their order: those of FOCUS 1.2 that a forecast can fill, then our own under `x_`.
 *
 * Names, levels, nullability and allowed values are the specification's:
 * https://focus.finops.org/focus-specification/v1-2 (FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec, tag v1.2). Left out are columns
 * that only a bill can fill (invoice, SKU and resource ids) or that need a price per unit, since a row sums several meters.
 */

export const CHARGE_CATEGORIES = ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'] as const;
export const CHARGE_FREQUENCIES = ['One-Time', 'Recurring', 'Usage-Based'] as const;
export const PRICING_CATEGORIES = ['Standard', 'Dynamic', 'Committed', 'Other'] as const;
export const COMMITMENT_STATUSES = ['Used', 'Unused'] as const;

export type ChargeCategory = (typeof CHARGE_CATEGORIES)[number];
export type ChargeFrequency = (typeof CHARGE_FREQUENCIES)[number];
export type CommitmentStatus = (typeof COMMITMENT_STATUSES)[number];

interface Column {
  readonly level: 'mandatory' | 'recommended' | 'conditional' | 'custom';
  readonly type: 'string' | 'decimal' | 'time';
  /** Whether an empty cell is allowed. */
  readonly nulls: boolean;
}

const text = { type: 'string', nulls: false } as const;
const optional = { type: 'string', nulls: true } as const;
const cost = { type: 'decimal', nulls: false } as const;
const quantity = { type: 'decimal', nulls: true } as const;
const time = { type: 'time', nulls: false } as const;

export const FOCUS_COLUMNS = {
  BilledCost: { level: 'mandatory', ...cost },
  BillingAccountId: { level: 'mandatory', ...text },
  BillingAccountName: { level: 'mandatory', ...optional },
  BillingCurrency: { level: 'mandatory', ...text },
  BillingPeriodEnd: { level: 'mandatory', ...time },
  BillingPeriodStart: { level: 'mandatory', ...time },
  ChargeCategory: { level: 'mandatory', ...text },
  ChargeClass: { level: 'mandatory', ...optional },
  ChargeDescription: { level: 'mandatory', ...optional },
  ChargeFrequency: { level: 'recommended', ...text },
  ChargePeriodEnd: { level: 'mandatory', ...time },
  ChargePeriodStart: { level: 'mandatory', ...time },
  CommitmentDiscountCategory: { level: 'conditional', ...optional },
  CommitmentDiscountId: { level: 'conditional', ...optional },
  CommitmentDiscountName: { level: 'conditional', ...optional },
  CommitmentDiscountQuantity: { level: 'conditional', ...quantity },
  CommitmentDiscountStatus: { level: 'conditional', ...optional },
  CommitmentDiscountType: { level: 'conditional', ...optional },
  CommitmentDiscountUnit: { level: 'conditional', ...optional },
  ConsumedQuantity: { level: 'conditional', ...quantity },
  ConsumedUnit: { level: 'conditional', ...optional },
  ContractedCost: { level: 'mandatory', ...cost },
  EffectiveCost: { level: 'mandatory', ...cost },
  InvoiceIssuerName: { level: 'mandatory', ...text },
  ListCost: { level: 'mandatory', ...cost },
  PricingCategory: { level: 'conditional', ...optional },
  PricingQuantity: { level: 'mandatory', ...quantity },
  PricingUnit: { level: 'mandatory', ...optional },
  ProviderName: { level: 'mandatory', ...text },
  PublisherName: { level: 'mandatory', ...text },
  ServiceCategory: { level: 'mandatory', ...text },
  ServiceName: { level: 'mandatory', ...text },
  ServiceSubcategory: { level: 'recommended', ...text },
  x_CacheReadTokens: { level: 'custom', ...quantity },
  x_CacheWriteTokens: { level: 'custom', ...quantity },
  x_Component: { level: 'custom', ...text },
  x_InputTokens: { level: 'custom', ...quantity },
  x_Model: { level: 'custom', ...optional },
  x_OutputTokens: { level: 'custom', ...quantity },
  x_Requests: { level: 'custom', ...quantity },
  x_Strategy: { level: 'custom', ...text },
  x_Unpriced: { level: 'custom', ...optional },
  x_Via: { level: 'custom', ...optional },
} as const satisfies Readonly<Record<string, Column>>;

export type FocusColumn = keyof typeof FOCUS_COLUMNS;
/** One row; null is an empty cell. */
export type FocusRow = Readonly<Record<FocusColumn, string | number | null>>;
