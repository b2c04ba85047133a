import { describe, expect, it } from 'vitest';
import { feeSchedule } from '../../src/pricing/fee-schedule.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { sellerTerms } from '../../src/pricing/seller-terms.ts';
import { book, type Input, managed, of, requests, run } from '../costs/fixture.ts';

const schedule = (own: Input) =>
  feeSchedule.parse({ name: 'x', kind: 'managed', as_of: '2026-08-01', confidence: 'high', sources: [], ...own });

/** acme in the EU, invoices alone; beta nowhere known; three gateways of which two are known. */
const known: PriceBook = {
  ...book,
  sellers: new Map([
    ...book.sellers,
    [
      'acme',
      {
        ...book.sellers.get('acme')!,
        terms: sellerTerms.parse({
          data_residency: ['eu', 'us'],
          signup_countries: ['us'],
          payment_methods: ['invoice'],
        }),
      },
    ],
  ]),
  gateways: new Map([
    ...book.gateways,
    ...[
      schedule({
        gateway: 'far',
        data_residency: ['us'],
        payment_methods: ['card'],
        provider_only_features: ['live-audio'],
      }),
      schedule({
        gateway: 'near',
        data_residency: ['eu'],
        signup_countries: ['any'],
        payment_methods: ['alipay', 'card'],
        provider_only_features: [],
      }),
      schedule({ gateway: 'dark' }),
    ].map((one) => [one.gateway, one] as const),
  ]),
};

const strategies = [
  { id: 'direct', kind: 'direct' },
  managed('far'),
  managed('near'),
  managed('dark'),
  { id: 'mixed', kind: 'hybrid', rules: [{ model: 'acme/stepped', via: 'far' }, { else: 'direct' }] },
  { id: 'later', kind: 'phased', phases: [{ via: 'far', for: 1 }, { via: 'direct' }] },
  { id: 'moved', kind: 'phased', phases: [{ via: 'near', for: 1 }, { via: 'direct' }] },
];
const traffic = [...requests(5), ...requests(5, { model: 'stepped' })];
const under = (constraints: Input, from = traffic) => run({ constraints, strategies }, from, known);
const excluded = (constraints: Input): string[] => {
  const found = under(constraints);
  return strategies.map(({ id }) => String(id)).filter((id) => of(found, id).excluded !== undefined);
};

describe('a constraint', () => {
  it('on where data is kept excludes whoever passes a gateway that keeps it elsewhere, by parts and phases too', () => {
    expect(excluded({ data_residency: ['eu'] })).toEqual(['far', 'mixed', 'later']);
    expect(of(under({ data_residency: ['eu'] }), 'later').excluded).toBe(
      'far keeps data in us; the scenario requires eu',
    );
    expect(under({ data_residency: ['eu'] }).recommendation?.strategy).not.toBe('far');
  });

  it('on where data is kept holds for the sellers behind a gateway as well', () => {
    expect(excluded({ data_residency: ['us'] })).toEqual(['near', 'moved']);
    expect(excluded({ data_residency: ['cn'] })).toEqual(strategies.map(({ id }) => id));
  });

  it('on payment asks whoever invoices', () => {
    expect(excluded({ payment_method: 'alipay' })).toEqual(['direct', 'far', 'mixed', 'later', 'moved']);
    expect(of(under({ payment_method: 'alipay' }), 'direct').excluded).toMatch(
      /acme is paid by invoice; .*paying by alipay/,
    );
  });

  it('on the country of signing up takes "any" for all', () => {
    expect(excluded({ signup_country: 'cn' })).toEqual(['direct', 'mixed', 'later', 'moved']);
    expect(excluded({ signup_country: 'us' })).toEqual([]);
  });

  it('on a feature excludes gateways that do not carry it', () => {
    expect(excluded({ features: ['live-audio'] })).toEqual(['far', 'mixed', 'later']);
  });

  it('that nothing is known of excludes nothing and is told', () => {
    const found = under({ data_residency: ['eu'], features: ['live-audio'], payment_method: 'card' });
    const told = found.diagnostics.filter(({ path }) => path === 'strategies.dark').map(({ code }) => code);
    expect(told).toEqual(expect.arrayContaining(['RESIDENCY_UNKNOWN', 'FEATURE_UNKNOWN', 'PAYMENT_UNKNOWN']));
    expect(of(found, 'dark').excluded).toBeUndefined();
    const beta = under({ data_residency: ['eu'] }, requests(5, { seller: 'beta', model: 'twin' }));
    expect(of(beta, 'direct').excluded).toBeUndefined();
    expect(beta.diagnostics.map(({ message }) => message)).toContain(
      'it is not known where beta keeps data; "eu" excludes nothing here',
    );
  });

  it('that a part without traffic would break excludes by its gateway still', () => {
    expect(of(under({ data_residency: ['eu'] }, requests(5)), 'mixed').excluded).toMatch(/^far/);
  });
});
