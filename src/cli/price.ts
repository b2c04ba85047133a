/**
 * `tollgate price show <seller>/<model>`: what a model costs, cell by cell, or what one request on it costs.
 *
 * Without token counts it shows every period, tier, cliff and window of the card; with counts the charge, meter by meter.
 * The date is the book's newest unless `--at` says otherwise, never today. An unknown model is bad input; a meter
 * without a price makes the charge unknown and the exit code 1.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { SERVICE_TIERS, type ServiceTier } from '../meters.ts';
import type { ChargedCounts } from '../pricing/charge.ts';
import { addPriceCheck } from './price-check.ts';
import { addPriceCompare } from './price-compare.ts';
import { addPriceDiff } from './price-diff.ts';
import { addPriceImport } from './price-import.ts';
import { addPriceList } from './price-list.ts';

interface Flags {
  readonly at?: string;
  readonly input?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly cacheWrite1h?: number;
  readonly output?: number;
  readonly reasoning?: number;
  readonly requests?: number;
  readonly batch?: true;
  readonly tier?: ServiceTier;
  readonly announced?: true;
  readonly json?: true;
}

export function addPriceCommand(program: Command): void {
  const price = program.command('price').description('look up, compare, check and import prices');
  const tiers = SERVICE_TIERS.filter((tier) => tier !== 'standard');
  price
    .command('show')
    .description('show the prices of a model, or what one request on it costs')
    .argument('<seller/model>', 'exact name, as in openai/gpt-4o')
    .option('--at <date>', "date, or instant with its zone (default: the book's newest date)")
    .option('--input <tokens>', 'fresh input tokens', count)
    .option('--cache-read <tokens>', 'input tokens read from cache', count)
    .option('--cache-write <tokens>', 'input tokens written to cache for 5 minutes', count)
    .option('--cache-write-1h <tokens>', 'input tokens written to cache for 1 hour', count)
    .option('--output <tokens>', 'output tokens without reasoning', count)
    .option('--reasoning <tokens>', 'reasoning tokens', count)
    .option('--requests <number>', 'number of such requests', count)
    .addOption(new Option('--batch', 'same as --tier batch').conflicts('tier'))
    .addOption(new Option('--tier <tier>', 'service tier').choices(tiers))
    .option('--announced', 'apply announced prices from their first day on')
    .option('--json', 'print JSON')
    .action(showPrice);
  addPriceList(price);
  addPriceCompare(price);
  addPriceCheck(price);
  addPriceDiff(price);
  addPriceImport(price);
}

async function showPrice(name: string, flags: Flags): Promise<void> {
  const { readPriceBook } = await import('../io/read-price-book.ts');
  const { rateCardOf } = await import('../pricing/price-book.ts');
  const { resolveModel, ruleInWords, unknownInWords } = await import('../pricing/resolve.ts');
  const { inputError, notice } = await import('../errors.ts');
  const { charge, readTime } = await import('../pricing/charge.ts');
  const book = await readPriceBook();
  const at = flags.at ?? book.newest_on;
  const { on } = readTime(at);
  const found = resolveModel(book, name, on);
  if ('unknown' in found) throw inputError('PRICE_UNKNOWN_MODEL', name, unknownInWords(found));
  const rule = ruleInWords(found);
  const card = rateCardOf(book, found.seller, found.model);
  if (card === undefined) throw new Error(`${found.seller}/${found.model} resolved to no card`);
  const counts = countsOf(flags);
  if (Object.keys(counts).length === 0) {
    const { cardInJson, cardInWords } = await import('./price-tables.ts');
    const resolved = rule === undefined ? {} : { resolved: rule };
    if (!flags.json && rule !== undefined) print(`${name}: ${rule}`);
    print(
      flags.json
        ? json({ ...cardInJson(found.seller, card, on), ...resolved })
        : await cardInWords(found.seller, card, on),
    );
    return;
  }
  const { staleWarning } = await import('../pricing/as-of.ts');
  const tier = flags.batch ? 'batch' : (flags.tier ?? 'standard');
  const result = charge(book, { seller: found.seller, model: found.model, tier }, counts, at, {
    announced: flags.announced,
  });
  const stale = result.as_of === null ? undefined : staleWarning(result.as_of, on, `${found.seller}/${found.model}`);
  const byRule = rule === undefined ? undefined : notice('MODEL_BY_RULE', name, rule);
  const told = [byRule, stale].filter((found) => found !== undefined);
  const charged = told.length === 0 ? result : { ...result, warnings: [...result.warnings, ...told] };
  if (charged.charge_usd === null) process.exitCode = 1;
  const { chargeInWords } = await import('./price-tables.ts');
  print(flags.json ? json(charged) : await chargeInWords(`${found.seller}/${found.model}`, tier, at, charged));
}

/** The counts that were given, and only those. */
function countsOf(flags: Flags): ChargedCounts {
  const given = {
    input_tokens: flags.input,
    cache_read_tokens: flags.cacheRead,
    cache_write_5m_tokens: flags.cacheWrite,
    cache_write_1h_tokens: flags.cacheWrite1h,
    output_tokens: flags.output,
    reasoning_tokens: flags.reasoning,
    requests: flags.requests,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as ChargedCounts;
}

function count(text: string): number {
  const value = Number(text.replaceAll(/[_,]/g, ''));
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError(`"${text}" is no count; allowed are 0, 1, 2, …`);
  }
  return value;
}

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
