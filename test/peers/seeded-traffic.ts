/**
 * Seeded traffic in the project's own CSV form, for comparing engines: two sellers and tiers, cached and written tokens,
 * prompts around the cliff at 200,000 tokens, failures with and without usage, billed costs with fractions of nano-dollars.
 * Dirty rows hold one mistake each.
 */
import { createHash } from 'node:crypto';
import type { UsageTable } from '../../src/usage/table.ts';

export const COLUMNS = [
  'time_ms',
  'seller',
  'model',
  'tier',
  'feature',
  'team',
  'user',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'output_tokens',
  'reasoning_tokens',
  'web_searches',
  'status',
  'billed_usd',
] as const;
type Column = (typeof COLUMNS)[number];
/** Cells as they stand in a CSV; '' is not known. */
export type Row = Readonly<Record<Column, string>>;

export const SIZE_EDGES = [32_000, 128_000, 200_001];
export const EDGES = { 'acme/large': [200_001], 'acme/small': [32_000, 128_000], 'other/large': [] };

const START_MS = Date.UTC(2026, 2, 1);
const THREE_DAYS_MS = 3 * 86_400_000;

/** Park and Miller's generator: small and the same everywhere. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

export function seededRows(count: number, seed = 20_261): Row[] {
  const upTo = generator(seed);
  const oneOf = <T>(items: readonly T[]): T => items[upTo(items.length)]!;
  return Array.from({ length: count }, () => {
    const failed = upTo(40) === 0;
    const used = !failed || upTo(4) === 0;
    const cliff = upTo(20) === 0;
    const cached = used && upTo(3) === 0 ? upTo(30_000) : 0;
    const written = used && upTo(9) === 0 ? upTo(5000) : 0;
    const prompt = cliff ? oneOf([199_999, 200_000, 200_001, 31_999, 32_000, 128_000]) : 40_000 + upTo(2000);
    const input = used ? Math.max(0, prompt - cached - written) : 0;
    return {
      time_ms: String(START_MS + upTo(THREE_DAYS_MS)),
      seller: oneOf(['acme', 'acme', 'other', '']),
      model: oneOf(['large', 'small', 'small', '']),
      tier: oneOf(['standard', 'batch', 'Batch', '']),
      feature: oneOf(['chat', "l'été", 'search', '']),
      team: oneOf(['red', 'blue', "l'équipe", '']),
      user: upTo(7) === 0 ? '' : `u${upTo(40)}`,
      input_tokens: String(input),
      cache_read_tokens: upTo(5) === 0 && cached === 0 ? '' : String(cached),
      cache_write_5m_tokens: String(written),
      output_tokens: String(used ? upTo(900) : 0),
      reasoning_tokens: used && upTo(4) === 0 ? String(upTo(4000)) : '',
      web_searches: used && upTo(50) === 0 ? '2' : '',
      status: failed ? oneOf(['429', '500']) : oneOf(['200', '']),
      billed_usd: upTo(3) === 0 ? '' : String(upTo(1_000_000_000) / 3e9),
    };
  });
}

/** One mistake each, and how the roll-up's reason starts. */
export const DIRTY: readonly (readonly [change: Partial<Row>, reason: string])[] = [
  [{ input_tokens: '' }, 'input_tokens is empty'],
  [{ output_tokens: '-3' }, 'output_tokens is not a whole number'],
  [{ cache_read_tokens: '9007199254740993' }, 'cache_read_tokens is not a whole number'],
  [{ tier: 'urgent' }, 'tier is not one of'],
  [{ time_ms: '' }, 'time_ms is empty'],
  [{ time_ms: '32503680000000' }, 'time_ms is not in 1970 to 2999'],
  [{ status: '-1' }, 'status is not a whole number'],
];

export const dirtyRows = (): Row[] => {
  const [clean] = seededRows(1, 7);
  return DIRTY.map(([change]) => ({ ...clean!, ...change }));
};

export const csvOf = (rows: readonly Row[]): string =>
  `${[COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => row[column]).join(','))].join('\n')}\n`;

/** SHA-256 of a usage table, independent of how it was made. */
export const digestOf = (table: UsageTable): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted({ ...table, requests_per_minute: [...table.requests_per_minute] })))
    .digest('hex');

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, inner]) => [key, sorted(inner)]),
        )
      : value;
