/** One system of the price book, seller or gateway or both, with all that the book knows of it and how it is used. */
import { CAPABILITY_IDS } from '../capabilities.ts';
import type { System as Named } from '../pricing/access-systems.ts';
import type { FeeSchedule } from '../pricing/fee-schedule.ts';
import { withVariant } from '../pricing/fee-variant.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { SellerFile } from '../pricing/rate-card.ts';
import { number } from '../report/format.ts';
import { byText } from '../units.ts';
import { outagesInWords, pricesOf, termsInWords, waysInto } from './book-words.ts';
import { creditsInWords, discountsInWords, feesInWords, runningInWords } from './fee-words.ts';
import { formatsOf, verifiedOf } from './proofs.ts';
import { exampleModel, exampleTarget, inRouter, inScenario, inSmoke, lines, plainRouter } from './snippets.ts';
import type { System, SystemKind } from './system.ts';

export function systemOf(book: PriceBook, named: Named, also_called: readonly string[]): System {
  const { id, facts } = named;
  const [seller, gateway] = [book.sellers.get(id), book.gateways.get(id)];
  const kinds = kindsOf(named, seller, gateway);
  const model = seller === undefined ? undefined : exampleModel(seller, book.newest_on);
  const target = exampleTarget(book, named, model);
  const isRouter = kinds.includes('router');
  const dates = [...(seller?.cards.map(({ as_of }) => as_of) ?? []), gateway?.as_of, facts?.as_of]
    .filter((one) => one !== undefined)
    .sort(byText);
  const { data_residency, signup_countries, payment_methods, provider_only_features } = {
    ...gateway,
    ...seller?.terms,
  };
  return {
    id,
    name: gateway?.name ?? seller?.name ?? 'Tollgate’s router',
    kinds,
    also_called,
    what: isRouter ? 'The reference router of this project: it runs the policies that a replay simulates.' : null,
    fees: gateway === undefined ? [] : readingsOf(gateway),
    credits: [
      ...(gateway === undefined ? [] : creditsInWords(undefined, gateway.free_credit_usd)),
      ...signupOf(seller),
    ],
    discounts: gateway === undefined ? [] : discountsInWords(gateway.passes_through),
    running_it: runningInWords(gateway?.self_hosting),
    capabilities: gateway === undefined ? null : matrixOf(gateway),
    prices: seller === undefined ? [] : pricesOf(seller, book.newest_on),
    outages: seller === undefined ? downtimeOf(gateway) : outagesInWords(book, id),
    terms: termsInWords({ data_residency, signup_countries, payment_methods, provider_only_features }),
    access: waysInto(id, facts, kinds),
    trace_formats: formatsOf(id),
    verified: verifiedOf(id),
    confidence: gateway?.confidence ?? facts?.confidence ?? 'none',
    as_of: dates.length === 0 ? null : { oldest: dates[0]!, newest: dates.at(-1)! },
    sources: sourcesOf(seller, gateway),
    unverified: [...(gateway?.unverified ?? []), ...(seller?.terms?.unverified ?? [])],
    notes: gateway?.note === undefined ? [] : [gateway.note],
    use: {
      scenario: isRouter
        ? lines(
            'strategies: [{id: routed, kind: direct}]',
            'routes: {main: {seller: openai, model: gpt-4o-mini}}',
            'replay: {strategies: {routed: {routing: {policy: main}}}}',
          )
        : inScenario(kinds, id, model, gateway?.variants.map((one) => one.id) ?? []),
      router: isRouter ? plainRouter : inRouter(book, target),
      smoke: inSmoke(book, target),
      code: null,
    },
  };
}

function kindsOf(
  { id, kind, facts }: Named,
  seller: SellerFile | undefined,
  gateway: FeeSchedule | undefined,
): SystemKind[] {
  if (kind === 'router' || id === 'tollgate') return ['router'];
  if (facts?.kind === 'local') return ['local'];
  return [
    ...(seller === undefined ? [] : (['provider'] as const)),
    ...(gateway === undefined
      ? []
      : ([gateway.kind === 'managed' ? 'managed gateway' : 'self-hosted gateway'] as const)),
  ];
}

const readingsOf = (gateway: FeeSchedule): System['fees'] => [
  { id: 'listed', as_of: gateway.as_of, confidence: gateway.confidence, source: null, fees: feesOf(gateway) },
  ...gateway.variants.map(({ id, as_of, confidence, source }) => {
    const read = withVariant(gateway, id);
    return { id, as_of, confidence, source, fees: feesOf(read) };
  }),
];

/** What is given differs by reading too: AIPower's sources count 10 and 50 free calls. */
const feesOf = (gateway: FeeSchedule): string[] => [
  ...feesInWords(gateway),
  ...creditsInWords(gateway.fees.allowance, 0),
];

const signupOf = (seller: SellerFile | undefined): string[] =>
  (seller?.terms?.signup ?? []).map(({ credit, tokens, expires_after_months, as_of }) =>
    [
      credit === undefined
        ? `${number(tokens ?? 0)} tokens free at signup`
        : `${credit.value} ${credit.currency} of credit at signup`,
      ...(expires_after_months === undefined ? [] : [`for ${expires_after_months} months`]),
      `as of ${as_of}`,
    ].join(', '),
  );

const matrixOf = ({ capabilities }: FeeSchedule): NonNullable<System['capabilities']> => ({
  brought: CAPABILITY_IDS.filter((one) => capabilities[one] === true),
  not_brought: CAPABILITY_IDS.filter((one) => capabilities[one] === false),
  not_known: CAPABILITY_IDS.filter((one) => capabilities[one] === undefined),
});

const downtimeOf = (gateway: FeeSchedule | undefined): string | null =>
  gateway?.downtime === undefined
    ? null
    : `${number(gateway.downtime.central * 100)} % of the time, says: ${gateway.downtime.source ?? 'its file'}`;

const sourcesOf = (seller: SellerFile | undefined, gateway: FeeSchedule | undefined): string[] => [
  ...(gateway?.sources ?? []).map(({ url, date, how }) =>
    [url, date, how].filter((part) => part !== undefined).join(', '),
  ),
  ...(seller?.terms?.signup ?? []).map(({ source }) => source),
  ...(seller?.terms?.sources ?? []),
];
