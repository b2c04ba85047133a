/**
 * Rules within one card: each table of prices by itself, cliffs against what they stand on, tiers against the standard price.
 *
 *   cache read / input 0.005 to 1; cache write / input 0.95 to 2.05; 1 h >= 5 min; cliff >= base; batch / base 0.2 to 1;
 *   output >= input / 2; input <= 200 USD/Mtok
 *
 * Example: cache read 3.75 beside cache write 0.3 is `cache_columns_swapped`.
 */
import { SERVICE_TIERS } from '../meters.ts';
import type { Cell, LintRule, RuleFinding } from './lint-rules.ts';
import type { PricePeriod, TokenPrices } from './rate-card.ts';

/** Every table of prices of a period, by itself and against what it stands on. */
export const proportionsOf = (period: PricePeriod): RuleFinding[] => [
  ...tablesOf(period).flatMap(({ where, prices }) => proportions(where, prices)),
  ...againstBase(period),
];

interface Table {
  readonly where: string;
  readonly prices: TokenPrices;
}

const sinceOf = ({ from }: PricePeriod): string => (from === undefined ? '' : `from ${from}, `);

function tablesOf(period: PricePeriod): Table[] {
  const since = sinceOf(period);
  return [
    { where: `${since}standard`, prices: period.usd_per_mtok },
    ...period.cliffs.map((cliff) => ({
      where: `${since}past ${cliff.prompt_tokens} tokens`,
      prices: cliff.usd_per_mtok,
    })),
    ...period.windows.map((window) => ({ where: `${since}${window.label}`, prices: window.usd_per_mtok })),
    ...SERVICE_TIERS.flatMap((tier) => {
      const own = tier === 'standard' ? undefined : period.tiers[tier];
      return own === undefined ? [] : [{ where: `${since}${tier}`, prices: own.usd_per_mtok }];
    }),
  ];
}

function proportions(where: string, prices: TokenPrices): RuleFinding[] {
  const found: RuleFinding[] = [];
  const tell = (rule: LintRule, cell: Cell, other: Cell): void => {
    const [a, b] = [prices[cell]!, prices[other]!];
    found.push({ rule, message: `${where}: ${cell} ${a} beside ${other} ${b}`, found: a, against: b });
  };
  const { input, output, cache_read, cache_write_5m, cache_write_1h } = prices;
  const write = cache_write_5m ?? cache_write_1h;
  if (input !== undefined && input > 200)
    found.push({ rule: 'input_above_200', message: `${where}: input ${input}`, found: input, against: 200 });
  if (cache_read !== undefined && write !== undefined && cache_read > write)
    tell('cache_columns_swapped', 'cache_read', cache_write_5m === undefined ? 'cache_write_1h' : 'cache_write_5m');
  else if (input !== undefined && input > 0) {
    if (cache_read !== undefined && cache_read > 0 && outside(cache_read / input, 0.005, 1))
      tell('cache_read_ratio', 'cache_read', 'input');
    for (const cell of ['cache_write_5m', 'cache_write_1h'] as const)
      if (prices[cell] !== undefined && prices[cell] > 0 && outside(prices[cell] / input, 0.95, 2.05))
        tell('cache_write_ratio', cell, 'input');
  }
  if (cache_write_5m !== undefined && cache_write_1h !== undefined && cache_write_1h < cache_write_5m)
    tell('cache_write_1h_below_5m', 'cache_write_1h', 'cache_write_5m');
  if (input !== undefined && input > 0 && output !== undefined && output > 0 && output < input / 2)
    tell('output_ratio', 'output', 'input');
  const named = (Object.keys(prices) as Cell[]).filter((cell) => prices[cell] !== undefined);
  const dearest = named.reduce<Cell | undefined>(
    (top, cell) => (prices[cell]! > (prices[top!] ?? 0) ? cell : top),
    undefined,
  );
  for (const cell of named) if (prices[cell] === 0 && dearest !== undefined) tell('zero_price', cell, dearest);
  return found;
}

function againstBase(period: PricePeriod): RuleFinding[] {
  const since = sinceOf(period);
  const found: RuleFinding[] = [];
  const compare = (
    prices: TokenPrices,
    base: TokenPrices,
    tell: (cell: Cell, own: number, standard: number) => void,
  ) => {
    for (const cell of Object.keys(prices) as Cell[]) {
      const [own, standard] = [prices[cell], base[cell]];
      if (own !== undefined && standard !== undefined && standard > 0) tell(cell, own, standard);
    }
  };
  const cliffs = (of: { readonly cliffs: PricePeriod['cliffs']; readonly usd_per_mtok: TokenPrices }, tier: string) => {
    let below = of.usd_per_mtok;
    for (const cliff of [...of.cliffs].sort((a, b) => a.prompt_tokens - b.prompt_tokens)) {
      compare(cliff.usd_per_mtok, below, (cell, own, standard) => {
        if (own >= standard) return;
        const message = `${since}${tier}past ${cliff.prompt_tokens} tokens: ${cell} ${own}, and ${standard} below`;
        found.push({ rule: 'cliff_below_base', message, found: own, against: standard });
      });
      below = { ...below, ...cliff.usd_per_mtok };
    }
  };
  cliffs(period, '');
  for (const tier of SERVICE_TIERS) {
    const own = tier === 'standard' ? undefined : period.tiers[tier];
    if (own === undefined || tier === 'standard') continue;
    cliffs(own, `${tier}, `);
    const [least, most] = TIER_RATIOS[tier];
    compare(own.usd_per_mtok, period.usd_per_mtok, (cell, price, standard) => {
      if (!outside(price / standard, least, most)) return;
      const rule = tier === 'batch' ? 'batch_ratio' : 'tier_ratio';
      const message = `${since}${tier} ${cell} ${price} against ${standard}`;
      found.push({ rule, message, found: price, against: standard });
    });
  }
  return found;
}

const TIER_RATIOS: Readonly<Record<Exclude<(typeof SERVICE_TIERS)[number], 'standard'>, readonly [number, number]>> = {
  batch: [0.2, 1],
  flex: [0.2, 1],
  priority: [1, 5],
  fast: [1, 10],
};

/** A last bit of a quotient is no finding. */
const outside = (ratio: number, least: number, most: number): boolean =>
  ratio < least * (1 - 1e-9) || ratio > most * (1 + 1e-9);
