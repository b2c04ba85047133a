/** How far to trust what is said of the gateways and sellers that a scenario uses: date, confidence, sources, what is unverified. */
import type { Evaluation } from '../evaluate.ts';
import { ageDays } from '../pricing/as-of.ts';
import { withVariant } from '../pricing/fee-variant.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { byText } from '../units.ts';
import type { Report } from './contract.ts';

type Facts = NonNullable<Report['facts']>;

export function factsOf({ question, prepared }: Evaluation, book: PriceBook): Facts {
  const { scenario, gateways } = question;
  const on = `${scenario.start}-01`;
  const chosen = new Map<string, Facts[number]>();
  for (const spec of scenario.strategies) {
    if (spec.kind !== 'managed_gateway' && spec.kind !== 'self_hosted_gateway') continue;
    const variant = spec.kind === 'managed_gateway' ? spec.fee_variant : undefined;
    const read = withVariant(gateways.get(spec.gateway)!, variant);
    const source = read.variants.find((one) => one.id === variant)?.source;
    chosen.set(`${spec.gateway} ${variant ?? ''}`, {
      about: 'gateway',
      id: spec.gateway,
      name: variant === undefined ? read.name : `${read.name}, fees as of "${variant}"`,
      as_of: read.as_of,
      age_days: ageDays(read.as_of, on),
      confidence: read.confidence,
      stated: Object.hasOwn(scenario.gateways, spec.gateway),
      unverified: [...read.unverified],
      sources: [
        ...(source === undefined ? [] : [source]),
        ...read.sources.map(({ url, date, how }) => [url, date, how].filter((part) => part !== undefined).join(', ')),
      ],
    });
  }
  const sellers = [...new Set([...prepared.passages.values()].flat().map(({ seller }) => seller))];
  for (const seller of sellers) {
    const file = book.sellers.get(seller);
    const dated = [...(file?.terms?.signup ?? []), ...(file?.terms?.volume_tiers ? [file.terms.volume_tiers] : [])];
    const first = dated[0];
    if (file?.terms === undefined || first === undefined) continue;
    const as_of = dated.reduce((oldest, one) => (one.as_of < oldest ? one.as_of : oldest), first.as_of);
    chosen.set(`seller ${seller}`, {
      about: 'seller',
      id: seller,
      name: `${file.name}, terms beside prices`,
      as_of,
      age_days: ageDays(as_of, on),
      confidence: first.confidence,
      stated: Object.hasOwn(scenario.contracts, seller),
      unverified: [...file.terms.unverified],
      sources: [...dated.map((one) => one.source), ...file.terms.sources],
    });
  }
  return [...chosen.values()].sort((a, b) => byText(a.id, b.id));
}
