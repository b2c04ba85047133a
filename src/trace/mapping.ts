/**
 * The contract of a column mapping: how a log that no adapter knows is read. A small YAML that `tollgate trace map` proposes
 * and that a scenario names (`traffic.mapping`), or writes itself for a ClickHouse table (`traffic.clickhouse.columns`).
 *
 * It becomes an adapter like any other; what it can say is what an adapter can say in one line per column.
 */
import * as z from 'zod';
import { COUNT_METERS, type CountMeter, isTokenMeter, METERS, PIECES, SERVICE_TIERS } from '../meters.ts';
import type { Adapter, ColumnRule, RequestField, SourceUnit } from './adapter.ts';

const TIME_UNITS = ['iso', 'date', 's', 'ms', 'us', 'ns'] as const;
const DURATION_UNITS = ['s', 'ms'] as const;
const MONEY_UNITS = ['usd', 'usd_cents', 'usd_nano'] as const;

const name = z.string().min(1);
const column = (what: string) => name.describe(what);
const withUnit = <const U extends readonly [string, ...string[]]>(units: U, what: string) =>
  z
    .union([
      name,
      z.strictObject({
        column: name.describe('Column of the log'),
        unit: z.enum(units).describe('What it is written in'),
      }),
    ])
    .describe(what);

const counts = Object.fromEntries(
  COUNT_METERS.map((meter) => [
    meter,
    column(isTokenMeter(meter) ? METERS[meter].counts : PIECES[meter].counts).optional(),
  ]),
) as Record<CountMeter, z.ZodOptional<z.ZodString>>;

export const mappingColumns = z
  .strictObject({
    time: withUnit(TIME_UNITS, 'Start of the request; unit iso (default), date, s, ms, us or ns since 1970').optional(),
    until: withUnit(TIME_UNITS, 'End of a row that sums several requests').optional(),
    requests: column('How many requests a row sums; 1 if absent').optional(),
    seller: column('Who invoices').optional(),
    model: column('Model id').optional(),
    tier: z
      .union([
        name,
        z.strictObject({
          column: name.describe('Column of the log'),
          values: z.record(z.string(), z.enum(SERVICE_TIERS).describe('Tier of this word')).describe('Word -> tier'),
        }),
      ])
      .describe('Service tier')
      .optional(),
    ...counts,
    feature: column('What the request was for').optional(),
    user: column('Who asked').optional(),
    team: column('Whose budget it was').optional(),
    agent: column('Which agent or program asked').optional(),
    status: column('HTTP status').optional(),
    latency: withUnit(DURATION_UNITS, 'Until the last token; unit ms (default) or s').optional(),
    ttft: withUnit(DURATION_UNITS, 'Until the first token; unit ms (default) or s').optional(),
    billed: withUnit(MONEY_UNITS, 'What was billed; unit usd (default), usd_cents or usd_nano').optional(),
  })
  .refine(
    (given) => countsTokens(given) || isBillAlone(given),
    'needs input_tokens and output_tokens; or billed and no count at all, for a bill without usage',
  )
  .describe('Field -> column of the log');

type Mapped = Readonly<Record<string, unknown>>;

const countsTokens = (columns: Mapped): boolean =>
  columns.input_tokens !== undefined && columns.output_tokens !== undefined;

/** Rows that say what was billed and count nothing. */
const isBillAlone = (columns: Mapped): boolean =>
  columns.billed !== undefined && COUNT_METERS.every((meter) => columns[meter] === undefined);

const INPUT_PARTS = ['cache_read', 'cache_write', 'audio', 'image'] as const;
const OUTPUT_PARTS = ['reasoning', 'audio', 'image'] as const;

export const traceMapping = z
  .strictObject({
    $schema: z.string().optional(),
    columns: mappingColumns,
    input_includes: z
      .array(z.enum(INPUT_PARTS))
      .default([])
      .describe('Counts that the input column holds too; they are taken out of it'),
    output_includes: z.array(z.enum(OUTPUT_PARTS)).default([]).describe('Likewise for the output column'),
    decimal_comma: z
      .boolean()
      .optional()
      .describe('Numbers of a CSV are written 1.234,5: a comma before the fraction, points between thousands'),
    billed: z.enum(['invoiced', 'estimated', 'list']).default('estimated').describe('What the billed cost is'),
  })
  .describe('How the columns of a log become requests');

export type MappingColumns = z.infer<typeof mappingColumns>;
export type TraceMapping = z.infer<typeof traceMapping>;

interface Named {
  readonly column: string;
  readonly unit?: SourceUnit;
  readonly values?: Readonly<Record<string, string>>;
}

const named = (given: string | Named): Named => (typeof given === 'string' ? { column: given } : given);

/** Field of a request under the key of a mapping. */
const FIELDS: Readonly<Record<string, RequestField>> = {
  time: 'time_ms',
  until: 'until_ms',
  latency: 'latency_ms',
  ttft: 'ttft_ms',
  billed: 'billed_nano_usd',
};

const COUNTS: ReadonlySet<string> = new Set([...COUNT_METERS, 'requests', 'status']);

/** The adapter that reads by a mapping. */
export function mappedAdapter(mapping: TraceMapping): Adapter {
  const { columns, input_includes, output_includes, billed } = mapping;
  const rules = Object.entries(columns)
    .map(([key, given]) => ruleOf(key, named(given as string | Named)))
    .map((rule) => (mapping.decimal_comma === true && isNumber(rule) ? { ...rule, written_as: COMMA } : rule));
  return {
    ...(isBillAlone(columns) && { constants: { requests: 0 } }),
    format: 'mapping',
    title: 'own mapping',
    containers: ['csv', 'json', 'parquet'],
    detect: rules.map(({ from }) => from[0]!.replaceAll('|', '')),
    rules,
    json_columns: [...new Set(rules.flatMap(({ from }) => (from[0]!.includes('.') ? [from[0]!.split('.')[0]!] : [])))],
    input_includes,
    output_includes,
    clock: 'absolute',
    billed,
    warns_of_unknown_columns: false,
  };
}

const COMMA = 'decimal_comma' as const;
const isNumber = ({ cast }: ColumnRule): boolean => cast === 'integer' || cast === 'decimal' || cast === 'money';

function ruleOf(key: string, { column: from, unit, values }: Named): ColumnRule {
  const rule = { field: FIELDS[key] ?? (key as RequestField), from: [from] };
  switch (key) {
    case 'time':
      return { ...rule, cast: 'instant', unit: unit ?? 'iso', required: true };
    case 'until':
      return { ...rule, cast: 'instant', unit: unit ?? 'iso' };
    case 'latency':
    case 'ttft':
      return { ...rule, cast: 'decimal', unit: unit ?? 'ms' };
    case 'billed':
      return { ...rule, cast: 'money', unit: unit ?? 'usd' };
    case 'tier':
      return { ...rule, cast: 'enum', values: lowered(values) ?? Object.fromEntries(SERVICE_TIERS.map((t) => [t, t])) };
    default:
      return COUNTS.has(key)
        ? {
            ...rule,
            cast: 'integer',
            written_as: 'decimal',
            required: key === 'input_tokens' || key === 'output_tokens',
          }
        : { ...rule, cast: 'text' };
  }
}

const lowered = (values: Named['values']): Named['values'] =>
  values === undefined
    ? undefined
    : Object.fromEntries(Object.entries(values).map(([word, tier]) => [word.toLowerCase(), tier]));
