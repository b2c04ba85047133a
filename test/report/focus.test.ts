/**
 * The columns, allowed values and rules on empty cells are those of FOCUS 1.2 as published:
 * https://focus.finops.org/focus-specification/v1-2 (FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec, CC-BY-4.0). Amounts of
 * commitments and virtual currency are those of its appendix.
 */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feeSchedule } from '../../src/pricing/fee-schedule.ts';
import type { Report, ReportLineItem } from '../../src/report/contract.ts';
import { commitmentPurchases, commitmentUse, fromCredit, underContract } from '../../src/report/focus/amortise.ts';
import { type Charge, plain } from '../../src/report/focus/charge.ts';
import {
  CHARGE_CATEGORIES,
  CHARGE_FREQUENCIES,
  COMMITMENT_STATUSES,
  FOCUS_COLUMNS,
  type FocusColumn,
  type FocusRow,
  PRICING_CATEGORIES,
} from '../../src/report/focus/columns.ts';
import { focusCsv, plainDecimal } from '../../src/report/focus/focus-csv.ts';
import { focusRows } from '../../src/report/focus/rows.ts';
import { book, direct, managed, monthly, requests, run } from '../costs/fixture.ts';
import { runScenario, SCENARIOS } from '../invariant/fixture.ts';
import { reportOf } from '../report-of.ts';
import { HOSTILE, report as hostile, unpricedReport } from './fixture.ts';

const MANDATORY = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'ContractedCost',
  'EffectiveCost',
  'InvoiceIssuerName',
  'ListCost',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'ServiceCategory',
  'ServiceName',
] as const;

const SERVICE_SUBCATEGORIES: Readonly<Record<string, string>> = {
  'Generative AI': 'AI and Machine Learning',
  'API Management': 'Integration',
  'Other (Compute)': 'Compute',
  'Other (Other)': 'Other',
};

type Rule = readonly [name: string, breaks: (row: FocusRow) => boolean];
const isMetered = ({ ChargeCategory }: FocusRow) => ChargeCategory === 'Usage' || ChargeCategory === 'Purchase';
const within = (allowed: readonly unknown[], value: unknown): boolean => allowed.includes(value);

/** What the specification says of a row, as far as a row alone shows it. */
const RULES: readonly Rule[] = [
  ...MANDATORY.filter((column) => !FOCUS_COLUMNS[column].nulls).map(
    (column): Rule => [
      `${column} is not null (but where there is no price)`,
      (row) => row[column] === null && !(column.endsWith('Cost') && String(row.x_Unpriced).startsWith('no price')),
    ],
  ),
  ['no text is empty or a placeholder', (row) => Object.values(row).some((value) => value === '' || value === 'N/A')],
  ['BillingCurrency is an ISO 4217 code', ({ BillingCurrency }) => !/^[A-Z]{3}$/.test(String(BillingCurrency))],
  [
    'times are ISO 8601 in UTC',
    (row) =>
      [row.BillingPeriodStart, row.BillingPeriodEnd, row.ChargePeriodStart, row.ChargePeriodEnd].some(
        (time) => !/^\d{4}-(0[1-9]|1[0-2])-01T00:00:00Z$/.test(String(time)),
      ),
  ],
  [
    'periods end after they start, and a charge lies in its billing period',
    (row) =>
      !(
        String(row.BillingPeriodStart) < String(row.BillingPeriodEnd) &&
        String(row.ChargePeriodStart) < String(row.ChargePeriodEnd) &&
        String(row.BillingPeriodStart) <= String(row.ChargePeriodStart) &&
        String(row.ChargePeriodEnd) <= String(row.BillingPeriodEnd)
      ),
  ],
  ['ChargeCategory is allowed', ({ ChargeCategory }) => !within(CHARGE_CATEGORIES, ChargeCategory)],
  ['ChargeClass is null or Correction', ({ ChargeClass }) => !within([null, 'Correction'], ChargeClass)],
  ['ChargeFrequency is allowed', ({ ChargeFrequency }) => !within(CHARGE_FREQUENCIES, ChargeFrequency)],
  [
    'a purchase is not usage-based',
    ({ ChargeCategory, ChargeFrequency }) => ChargeCategory === 'Purchase' && ChargeFrequency === 'Usage-Based',
  ],
  [
    'usage and purchases have a quantity and a unit for pricing',
    (row) => isMetered(row) && (row.PricingQuantity === null || row.PricingUnit === null),
  ],
  [
    'units are nouns in the plural or a currency',
    ({ PricingUnit }) => !within(['Tokens', 'Requests', 'Units', 'USD', null], PricingUnit),
  ],
  [
    'PricingCategory is allowed, and there for usage and purchases',
    (row) => !within(isMetered(row) ? PRICING_CATEGORIES : [null, ...PRICING_CATEGORIES], row.PricingCategory),
  ],
  [
    'PricingCategory is Committed where a commitment applies and is not its purchase',
    ({ PricingCategory, CommitmentDiscountStatus }) =>
      (PricingCategory === 'Committed') !== (CommitmentDiscountStatus !== null),
  ],
  [
    'what is consumed is told of usage that is not the unused part of a commitment, and of nothing else',
    (row) =>
      (row.ConsumedQuantity !== null) !== (row.ChargeCategory === 'Usage' && row.CommitmentDiscountStatus !== 'Unused'),
  ],
  ['a unit goes with its quantity', (row) => (row.ConsumedQuantity === null) !== (row.ConsumedUnit === null)],
  [
    'CommitmentDiscountStatus is allowed, null without a commitment, there for its usage',
    ({ CommitmentDiscountId, CommitmentDiscountStatus, ChargeCategory }) =>
      CommitmentDiscountId === null || ChargeCategory !== 'Usage'
        ? CommitmentDiscountStatus !== null
        : !within(COMMITMENT_STATUSES, CommitmentDiscountStatus),
  ],
  [
    'columns of a commitment are filled together',
    (row) =>
      [
        row.CommitmentDiscountCategory,
        row.CommitmentDiscountName,
        row.CommitmentDiscountQuantity,
        row.CommitmentDiscountType,
        row.CommitmentDiscountUnit,
      ].some((cell) => (cell === null) !== (row.CommitmentDiscountId === null)),
  ],
  ['CommitmentDiscountCategory is allowed', (row) => !within([null, 'Spend', 'Usage'], row.CommitmentDiscountCategory)],
  [
    'the purchase of a commitment has no effective cost',
    (row) => row.ChargeCategory === 'Purchase' && row.CommitmentDiscountId !== null && row.EffectiveCost !== 0,
  ],
  [
    'what a commitment covers, used or not, is not billed',
    (row) => row.CommitmentDiscountStatus !== null && row.BilledCost !== 0,
  ],
  [
    'a credit is billed as it is effective',
    (row) => row.ChargeCategory === 'Credit' && row.BilledCost !== row.EffectiveCost,
  ],
  [
    'a service subcategory stands under its category',
    (row) => SERVICE_SUBCATEGORIES[String(row.ServiceSubcategory)] !== row.ServiceCategory,
  ],
];

function expectConforms(report: Report): void {
  const rows = focusRows(report);
  expect(rows.length).toBeGreaterThan(0);
  for (const [rule, breaks] of RULES) expect(rows.filter(breaks), rule).toEqual([]);
}

const sumOf = (rows: readonly FocusRow[], column: FocusColumn): number =>
  rows.reduce((total, row) => total + Number(row[column] ?? 0), 0);

/** Effective costs of each strategy are its cash, in all and in each month. */
function expectCash(report: Report): void {
  const rows = focusRows(report);
  for (const { id, line_items } of report.strategies) {
    const own = rows.filter((row) => row.x_Strategy === id);
    const cash = (month: number) =>
      line_items.filter((line) => line.cash).reduce((total, line) => total + line.amounts_usd[month]!, 0);
    const months = [...new Set(own.map((row) => String(row.ChargePeriodStart)))].sort();
    const tolerance = (usd: number) => 1e-9 * Math.max(1, Math.abs(usd));
    let all = 0;
    for (let month = 0; month < report.horizon_months; month++) {
      const start = months.find((one) => one === monthOf(report, month));
      const usd = sumOf(
        own.filter((row) => row.ChargePeriodStart === start),
        'EffectiveCost',
      );
      expect(Math.abs(usd - cash(month))).toBeLessThanOrEqual(tolerance(cash(month)));
      all += cash(month);
    }
    expect(Math.abs(sumOf(own, 'EffectiveCost') - all)).toBeLessThanOrEqual(tolerance(all));
  }
}
const monthOf = ({ start }: Report, month: number): string => {
  const [year, first] = start.split('-').map(Number);
  return `${new Date(Date.UTC(year!, first! - 1 + month, 1)).toISOString().slice(0, 10)}T00:00:00Z`;
};

/** A dollar per thousand requests. */
const prices = { 'acme/large': { input: 1, output: 0 }, 'beta/twin': { input: 1, output: 0 } };
const spending = (usd: number, own: Parameters<typeof run>[0] = {}, traffic = requests(10)) =>
  reportOf(run({ traffic: monthly(usd * 1000), prices, ...own }, traffic), book);
const first = (report: Report, strategy = 'direct') =>
  focusRows(report).filter((row) => row.x_Strategy === strategy && row.ChargePeriodStart === monthOf(report, 0));
const costs = ({ ListCost, ContractedCost, EffectiveCost, BilledCost }: FocusRow) => [
  ...[ListCost, ContractedCost, EffectiveCost, BilledCost].map((usd) => Math.round(Number(usd) * 1e9) / 1e9),
];

describe('the columns', () => {
  it('hold every mandatory one of FOCUS 1.2, then our own under x_', () => {
    const columns = Object.keys(FOCUS_COLUMNS) as FocusColumn[];
    expect(columns.filter((column) => FOCUS_COLUMNS[column].level === 'mandatory')).toEqual(MANDATORY);
    const own = columns.findIndex((column) => column.startsWith('x_'));
    expect(columns.slice(own).every((column) => /^x_[A-Z][A-Za-z]*$/.test(column))).toBe(true);
    expect(columns.slice(0, own).every((column) => /^[A-Z][A-Za-z]*$/.test(column))).toBe(true);
  });
});

describe('a commitment', () => {
  it('half paid upfront is 4,380 once and 365 a month for 1 USD an hour', () => {
    const paid = commitmentPurchases({ usd_per_period: 1, periods: 8760 }, { upfront_fraction: 0.5, fees: 12 });
    expect(paid).toEqual({ one_time_usd: 4380, recurring_usd: 365 });
  });

  it('of which three quarters are used leaves a quarter unused', () => {
    expect(commitmentUse(1, 0.75)).toEqual({ used_usd: 0.75, unused_usd: 0.25 });
    expect(commitmentUse(1, 1.5)).toEqual({ used_usd: 1, unused_usd: 0 });
  });

  it('of 60 on 60 of list spend: 48 effective for usage, 12 unused, 60 billed when bought', () => {
    const rows = first(spending(60, { contracts: { acme: { commitment_usd_per_month: 60, discount: '20 %' } } }));
    const told = rows.map((row) => [row.ChargeCategory, row.CommitmentDiscountStatus, ...costs(row)]);
    expect(told).toEqual([
      ['Usage', 'Used', 60, 60, 48, 0],
      ['Usage', 'Unused', 0, 0, 12, 0],
      ['Purchase', null, 60, 60, 0, 60],
    ]);
    expect(rows.map((row) => row.CommitmentDiscountId)).toEqual(new Array(3).fill('commitment-acme'));
  });

  it('that is smaller than the spend leaves the rest to be billed', () => {
    const contracts = { acme: { commitment_usd_per_month: 40, discount: '20 %', months: 1 } };
    const report = spending(100, { contracts });
    expect(first(report).map((row) => [row.CommitmentDiscountStatus, ...costs(row)])).toEqual([
      [null, 50, 50, 40, 40],
      ['Used', 50, 50, 40, 0],
      [null, 40, 40, 0, 40],
    ]);
    expectCash(report);
    expectConforms(report);
  });

  it('whose discount holds for it alone leaves the rest at its price', () => {
    const contracts = {
      acme: { commitment_usd_per_month: 40, discount: '20 %', discount_on: 'committed', signed: true },
    };
    const report = spending(100, { contracts });
    expect(first(report).map((row) => [row.CommitmentDiscountStatus, ...costs(row)])).toEqual([
      [null, 50, 50, 50, 50],
      ['Used', 50, 50, 40, 0],
      [null, 40, 40, 0, 40],
    ]);
    expectCash(report);
  });

  it('with one seller touches no other', () => {
    const traffic = [...requests(5), ...requests(5, { seller: 'beta', model: 'twin' })];
    const report = spending(100, { contracts: { acme: { commitment_usd_per_month: 60, discount: '20 %' } } }, traffic);
    const beta = first(report).filter((row) => row.PublisherName === 'beta');
    expect(beta.map(costs)).toEqual([[50, 50, 50, 50]]);
    expectCash(report);
  });

  it('covers no more than it is, whatever is spent: used and unused add up to what was bought', () => {
    const amount = fc.double({ min: 0.01, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(amount, amount, fc.double({ min: 0, max: 0.9, noNaN: true }), (spend, committed_usd, discount) => {
        const rows = underContract([usage(spend)], {
          seller: 'acme',
          negotiated_usd: 0,
          committed_off_usd: spend * discount,
          onCommittedAlone: false,
          committed_usd,
          label: 'unused',
        });
        const sum = (of: readonly Charge[], what: 'effective' | 'billed') =>
          of.reduce((total, one) => total + one[what], 0);
        const covered = rows.filter(({ commitment }) => commitment?.status != null);
        expect(sum(covered, 'effective') / committed_usd).toBeCloseTo(1, 9);
        expect(sum(rows, 'billed') / sum(rows, 'effective')).toBeCloseTo(1, 9);
      }),
    );
  });
});

const usage = (usd: number, issuer = 'acme'): Charge => ({
  ...plain(usd),
  component: 'token_charges',
  category: 'Usage',
  frequency: 'Usage-Based',
  issuer,
  provider: 'acme',
  publisher: 'acme',
  via: 'direct',
  model: 'acme/large',
  description: 'tokens',
  usage: { requests: usd, tokens: { input: usd, cache_read: 0, cache_write: 0, output: 0 } },
  commitment: null,
  unpriced: null,
});

describe('a discount without a commitment', () => {
  it('is in the costs of the usage that it is on, down to the contracted one', () => {
    const volume_tiers = { rule: 'whole', tiers: [{ from_usd_per_month: 50, discount: 0.1 }] };
    const report = spending(100, { contracts: { acme: { volume_tiers, discount: '20 %' } } });
    expect(first(report).map(costs)).toEqual([[100, 72, 72, 72]]);
    expectCash(report);
  });
});

describe('credit of a gateway', () => {
  const line = (label: string, usd: number, own: Partial<ReportLineItem>): ReportLineItem => ({
    component: 'token_charges',
    label,
    timing: 'monthly',
    months: { from: 0, until: 1 },
    amounts_usd: [usd],
    cash: true,
    formula: 'a',
    inputs: {},
    ...own,
  });
  const report = spending(60, { strategies: [direct, managed('toll')], horizon: 1 });

  it('is billed when bought and effective when used: 245, 10 and 360 units of 2 USD', () => {
    const units = [
      ['small', 245],
      ['middle', 10],
      ['large', 360],
    ] as const;
    const route = (model: string, requests: number) => ({
      via: 'toll',
      model: `acme/${model}`,
      invoiced_by: 'toll',
      from_credit: true,
      months: { from: 0, until: 1 },
      window_requests: requests,
      window_tokens: { input: 0, cache_read: 0, cache_write: 0, output: 0 },
    });
    const own = {
      ...report.strategies.find(({ id }) => id === 'toll')!,
      routes: units.map(([model, count]) => route(model, count)),
      line_items: units.map(([model, count], i) => line(`Requests (acme/${model})`, count * 2, { route: i })),
    };
    const rows = focusRows({ ...report, strategies: [own] });
    expect(rows.map((row) => [row.x_Model, row.ChargeCategory, row.EffectiveCost, row.BilledCost])).toEqual([
      ['acme/large', 'Usage', 720, 0],
      ['acme/middle', 'Usage', 20, 0],
      ['acme/small', 'Usage', 490, 0],
      [null, 'Purchase', 0, 1230],
    ]);
  });

  it('is invoiced by the gateway, for what a seller publishes; its fee stands beside', () => {
    const rows = first(report, 'toll').map((row) => [
      row.ChargeCategory,
      row.InvoiceIssuerName,
      row.PublisherName,
      ...costs(row).slice(2),
    ]);
    expect(rows).toEqual([
      ['Usage', 'toll', 'acme', 60, 0],
      ['Purchase', 'toll', 'toll', 0, 60],
      ['Purchase', 'toll', 'toll', 3.3, 3.3],
    ]);
  });

  it('is bought in fixed top-ups where a scenario says so', () => {
    const topped = spending(60, { strategies: [direct, managed('toll', { top_up: '100 USD' })], horizon: 3 });
    const bought = focusRows(topped).filter(
      (row) => row.x_Strategy === 'toll' && row.ChargeCategory === 'Purchase' && row.EffectiveCost === 0,
    );
    expect(bought.map((row) => row.BilledCost)).toEqual([100, 100]);
    expectCash(topped);
  });

  it('that expires is paid with its top-up, and effective as it is lost', () => {
    const fading = feeSchedule.parse({
      gateway: 'fading',
      name: 'Fading',
      kind: 'managed',
      as_of: '2026-08-01',
      confidence: 'high',
      sources: [],
      fees: { credit_purchase: { fee: 0, minimum_usd: 1, expires_after_months: 12 } },
    });
    const from = { ...book, gateways: new Map([...book.gateways, ['fading', fading]]) };
    const found = run(
      { traffic: monthly(6000), prices, horizon: 24, strategies: [direct, managed('fading', { top_up: 120 })] },
      requests(10),
      from,
    );
    const rows = focusRows(reportOf(found, from)).filter((row) => row.x_Strategy === 'fading');
    // Two top-ups of 120 USD with 1 USD each on top; 6 used and 4 lost in each of 24 months.
    expect(sumOf(rows, 'BilledCost')).toBeCloseTo(2 * 120 + 2, 9);
    expect(sumOf(rows, 'EffectiveCost')).toBeCloseTo(24 * (6 + 4) + 2, 9);
    expectConforms(reportOf(found, from));
  });

  it('that is given is billed and credited, so that nothing is paid for it', () => {
    const gift = spending(6, { strategies: [direct, managed('gift')], horizon: 3 });
    const rows = focusRows(gift).filter((row) => row.x_Strategy === 'gift');
    expect(sumOf(rows, 'EffectiveCost')).toBeCloseTo(8, 9);
    expect(sumOf(rows, 'BilledCost')).toBeCloseTo(8, 9);
    const credits = rows.filter((row) => row.ChargeCategory === 'Credit');
    expect(credits.map((row) => row.BilledCost)).toEqual([-6, -4]);
    expectCash(gift);
    expectConforms(gift);
  });

  it('that nobody draws on buys nothing', () => {
    expect(fromCredit([usage(0, 'toll')], { gateway: 'toll', gifts_usd: 0, bought_usd: undefined })).toHaveLength(1);
  });
});

describe('what is for no single model', () => {
  const traffic = [...requests(3), ...requests(1, { seller: 'beta', model: 'twin' })];
  const report = spending(
    100,
    {
      strategies: [
        direct,
        managed('markup'),
        { id: 'both', kind: 'hybrid', rules: [{ via: 'markup', share: 0.5 }, { else: 'direct' }] },
      ],
      outages: { from: 'none', error_rate: 0.1, attempts: 2, billed_share: 1 },
    },
    traffic,
  );
  const failures = (id: string) =>
    first(report, id).filter((row) => String(row.ChargeDescription).startsWith('Failed'));

  it('is divided among those who invoice it, in proportion to their charges', () => {
    const [acme, beta] = failures('direct');
    expect([acme?.InvoiceIssuerName, beta?.InvoiceIssuerName]).toEqual(['acme', 'beta']);
    expect(Number(acme?.EffectiveCost) / Number(beta?.EffectiveCost)).toBeCloseTo(3, 9);
    expect(new Set(failures('both').map((row) => row.InvoiceIssuerName))).toEqual(new Set(['acme', 'beta', 'markup']));
    expectCash(report);
    expectConforms(report);
  });

  it('counts no token or request a second time', () => {
    const requestsOf = (id: string) => sumOf(first(report, id), 'x_Requests');
    for (const id of ['direct', 'markup', 'both']) expect(requestsOf(id)).toBeCloseTo(100_000, 6);
  });
});

describe('usage without a price', () => {
  const unknown = requests(4, { model: 'unheard-of' });
  const report = reportOf(run({ strategies: [direct, managed('markup')] }, [...requests(4), ...unknown]), book);

  it('has a row with empty costs and a word for it', () => {
    const open = focusRows(report).filter((row) => row.x_Model === 'acme/unheard-of');
    expect(open.length).toBe(4);
    for (const row of open) {
      expect([row.BilledCost, row.ListCost, row.ContractedCost, row.EffectiveCost]).toEqual([null, null, null, null]);
      expect(row.x_Unpriced).toMatch(/^no price: .*unheard-of/);
      expect(row.x_Requests).toBeGreaterThan(0);
    }
    expectConforms(report);
  });

  it('marks the fees that leave it out', () => {
    const fees = focusRows(report).filter((row) => row.x_Component === 'gateway_fees');
    expect(fees.map((row) => row.x_Unpriced)).toEqual(
      new Array(2).fill('priced in part: it is counted on what has a price'),
    );
  });
});

describe('focus.csv', () => {
  it('escapes formulas, quotes commas, and ends lines by RFC 4180', () => {
    const text = focusCsv(hostile);
    expect(text.endsWith('\r\n')).toBe(true);
    const records: Record<string, string>[] = parse(text, { columns: true });
    expect(Object.keys(records[0]!)).toEqual(Object.keys(FOCUS_COLUMNS));
    expect(records).toHaveLength(focusRows(hostile).length);
    const cells = records.flatMap((record) => Object.values(record));
    expect(cells.filter((cell) => /^[=+@\t\r]|^-(?!\d)/.test(cell))).toEqual([]);
    expect(text).toContain(HOSTILE.formula.replaceAll('"', '""'));
  });

  it('writes numbers without exponent', () => {
    expect([1e-7, 1.25e-9, -3e-8, 0.5, 12, -0, 1.5e21].map(plainDecimal)).toEqual([
      '0.0000001',
      '0.00000000125',
      '-0.00000003',
      '0.5',
      '12',
      '0',
      '1500000000000000000000',
    ]);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(plainDecimal(value)).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(plainDecimal(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('is the same for the same report', () => {
    expect(focusCsv(hostile)).toBe(focusCsv(structuredClone(hostile)));
  });

  it('is made of reports without routes too', () => {
    for (const report of [hostile, unpricedReport]) {
      expectCash(report);
      expectConforms(report);
    }
  });
});

describe('the bundled scenarios', () => {
  it.each(SCENARIOS)(
    '%s: effective costs add up to the cash lines, and the rows keep the rules',
    async (name) => {
      const { report } = await runScenario(name);
      expectCash(report);
      expectConforms(report);
    },
    60_000,
  );
});
