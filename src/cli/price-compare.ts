/**
 * `tollgate price compare MODEL`: direct prices and gateway fees side by side, for a month of one's own requests.
 *
 * Token counts are those of one request. Exit code 1 if the model asked for has no price at its own seller; other offers
 * without one are shown as not known.
 */
import { type Command, InvalidArgumentError } from 'commander';
import type { Comparison, Offer } from './price-comparison.ts';

interface Flags {
  readonly input?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly output?: number;
  readonly requests: number;
  readonly at?: string;
  readonly details?: true;
  readonly json?: true;
}

export function addPriceCompare(price: Command): void {
  price
    .command('compare')
    .description('compare what a model costs at every seller and through every gateway')
    .argument('<model>', 'as in openai/gpt-4o')
    .option('--input <tokens>', 'fresh input tokens of one request', count)
    .option('--cache-read <tokens>', 'input tokens of one request read from cache', count)
    .option('--cache-write <tokens>', 'input tokens of one request written to cache for 5 minutes', count)
    .option('--output <tokens>', 'output tokens of one request', count)
    .option('--requests <number>', 'requests a month', count, 10_000)
    .option('--at <date>', "date of the prices (default: the book's newest)")
    .option('--details', 'also show what each fee is made of, remarks, and what is unverified')
    .option('--json', 'print JSON')
    .action(compare);
}

async function compare(name: string, flags: Flags): Promise<void> {
  const { readPriceBook } = await import('../io/read-price-book.ts');
  const { resolveModel, ruleInWords, unknownInWords } = await import('../pricing/resolve.ts');
  const { readTime } = await import('../pricing/charge.ts');
  const { InputError, problem } = await import('../errors.ts');
  const { compareOffers } = await import('./price-comparison.ts');
  const book = await readPriceBook();
  const { on } = readTime(flags.at ?? book.newest_on);
  const found = resolveModel(book, name, on);
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0, requests } = flags;
  const wrong = [
    ...('unknown' in found ? [problem('PRICE_UNKNOWN_MODEL', name, unknownInWords(found))] : []),
    ...(input + cacheRead + cacheWrite + output === 0
      ? [problem('PRICE_NO_TOKENS', 'price compare', 'the tokens of one request are missing; add --input and --output')]
      : []),
    ...(requests < 1 ? [problem('PRICE_NO_REQUESTS', '--requests', 'is 0; allowed are 1, 2, 3, …')] : []),
    ...(Number.isSafeInteger(Math.max(input, cacheRead, cacheWrite, output) * requests)
      ? []
      : [problem('PRICE_TOO_MANY', '--requests', 'gives more tokens a month than can be counted exactly')]),
  ];
  if ('unknown' in found || wrong.length > 0) throw new InputError(wrong);
  const rule = ruleInWords(found);
  const tokens = {
    input_tokens: input,
    cache_read_tokens: cacheRead,
    cache_write_5m_tokens: cacheWrite,
    output_tokens: output,
  };
  const comparison = compareOffers(book, found.seller, found.model, { tokens, requests }, on);
  const own = comparison.offers.find((offer) => offer.name === comparison.model);
  if (own?.total_usd === null) process.exitCode = 1;
  const text = flags.json
    ? JSON.stringify({ ...comparison, ...(rule === undefined ? {} : { resolved: rule }) }, undefined, 2)
    : `${rule === undefined ? '' : `${name}: ${rule}\n`}${await inWords(comparison, flags.details === true)}`;
  process.stdout.write(`${text}\n`);
}

async function inWords(
  { model, at, requests_per_month, tokens_per_request: mix, offers }: Comparison,
  hasDetails: boolean,
): Promise<string> {
  const [{ cents, terminalTable }, { plainText }, { colours }] = await Promise.all([
    import('./terminal-table.ts'),
    import('../report/escape.ts'),
    import('./colours.ts'),
  ]);
  const pc = colours();
  const whole = (value: number | undefined): string => (value ?? 0).toLocaleString('en-GB');
  const usd = (value: number | null): string => (value === null ? 'not known' : cents(value));
  const over = (value: number | null, isDirect: boolean): string => {
    if (value === null) return '';
    return value === 0 && isDirect ? 'cheapest' : `${value > 0 ? '+' : ''}${cents(value)}`;
  };
  const share = (value: number | null): string => (value === null ? '' : `${Number((value * 100).toPrecision(3))} %`);
  const tableOf = async (shown: readonly Offer[], title: string): Promise<string> => {
    const table = await terminalTable(
      [title, 'Tokens', 'Fee', 'Servers', 'Total', 'To cheapest', 'Markup', 'Confidence'],
      ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'left'],
    );
    for (const offer of shown) {
      const { tokens_usd, fee_usd, infrastructure_usd, total_usd, over_cheapest_direct_usd, markup_fraction } = offer;
      const isDirect = offer.kind === 'direct';
      table.push([
        plainText(offer.name),
        usd(tokens_usd),
        isDirect ? '' : usd(fee_usd),
        offer.kind === 'self_hosted' ? usd(infrastructure_usd) : '',
        pc.bold(usd(total_usd)),
        over(over_cheapest_direct_usd, isDirect),
        isDirect ? '' : share(markup_fraction),
        offer.confidence,
      ]);
    }
    return table.toString();
  };
  const direct = offers.filter(({ kind }) => kind === 'direct');
  const gateways = offers.filter(({ kind }) => kind !== 'direct');
  return [
    `${pc.bold(model)} at prices of ${at}, USD a month: ${whole(requests_per_month)} requests of ${whole(mix.input_tokens)} input, ` +
      `${whole(mix.cache_read_tokens)} cache read, ${whole(mix.cache_write_5m_tokens)} cache write and ${whole(mix.output_tokens)} output tokens`,
    await tableOf(direct, 'Direct'),
    await tableOf(gateways, `${model} through`),
    ...(hasDetails ? detailsOf(offers, gateways, { cents, plainText, pc }) : [foldedDetails(offers)]),
    'A gateway passes on the list price of the seller; credit is bought once a month. Engineering, outages and latency are not',
    'in it: a scenario weighs them (tollgate run).',
  ].join('\n');
}

/** What stands behind the tables, told only where it is asked for. */
function foldedDetails(offers: readonly Offer[]): string {
  const remarks = offers.reduce((total, { remarks: own }) => total + own.length, 0);
  const unverified = new Set(offers.flatMap((offer) => offer.unverified)).size;
  return `${remarks} remarks and ${unverified} facts that nobody verified: --details shows them, and what each fee is made of.`;
}

function detailsOf(offers: readonly Offer[], gateways: readonly Offer[], { cents, plainText, pc }: Words): string[] {
  return [
    ...gateways.flatMap(({ name, fees }) =>
      fees.map(({ label, usd: fee }) => `${pc.dim('fee')} ${plainText(name)}: ${plainText(label)} ${cents(fee)}`),
    ),
    ...offers.flatMap(({ name, once_usd }) =>
      once_usd === 0 ? [] : [`${pc.dim('once')} ${plainText(name)}: ${cents(once_usd)} at the start, in no total`],
    ),
    ...offers.flatMap(({ name, remarks }) =>
      remarks.map((text) => pc.yellow(`${plainText(name)}: ${plainText(text)}`)),
    ),
    ...new Set(
      gateways.flatMap(({ name, unverified }) =>
        unverified.map(
          (text) => `${pc.dim('unverified')} ${plainText(name.split(' ')[0] ?? name)}: ${plainText(text)}`,
        ),
      ),
    ),
  ];
}

interface Words {
  readonly cents: (usd: number) => string;
  readonly plainText: (text: string) => string;
  readonly pc: { readonly dim: (text: string) => string; readonly yellow: (text: string) => string };
}

function count(text: string): number {
  const value = Number(text.replaceAll(/[_,]/g, ''));
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError(`"${text}" is no count; allowed are 0, 1, 2, …`);
  }
  return value;
}
