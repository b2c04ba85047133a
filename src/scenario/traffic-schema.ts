/**
 * Where a scenario's requests come from: a trace, ClickHouse or made up; what models they are for, how they grow and in which
 * months there are more of them.
 */
import * as z from 'zod';
import { amount, SHARE } from '../amount.ts';
import { mappingColumns, traceMapping } from '../trace/mapping.ts';
import { CALENDAR_MONTHS, type CalendarMonth, capitalised } from '../units.ts';
import { workloadSpec } from '../workload/schema.ts';

export const modelKey = z.string().describe('seller/model, as in the price book');

const modelRule = z
  .strictObject({
    feature: z.string().optional().describe('Requests of this feature'),
    model: z.string().optional().describe('Model that the trace names'),
    use: modelKey,
  })
  .refine(
    (rule) => rule.feature !== undefined || rule.model !== undefined,
    'needs a condition: feature, model or both',
  );

const clickhouse = z
  .strictObject({
    url: z.string().describe('https://host:8443, without a password'),
    user: z.string().optional().describe('User of the database'),
    password_env: z
      .string()
      .regex(/^[A-Z_][A-Z0-9_]*$/, 'expected the name of an environment variable, such as CLICKHOUSE_PASSWORD')
      .optional()
      .describe('Environment variable that holds the password'),
    database: z.string().optional().describe('Default: the user’s'),
    table: z.string().optional().describe('Table of requests'),
    query: z.string().optional().describe('A SELECT in place of a table'),
    format: z.enum(['langfuse']).optional().describe('A known set of tables, in place of table and columns'),
    columns: mappingColumns.optional(),
    input_includes: traceMapping.shape.input_includes,
    output_includes: traceMapping.shape.output_includes,
    from: z.iso.datetime({ offset: true }).optional().describe('Rows from this instant on'),
    until: z.iso.datetime({ offset: true }).optional().describe('Rows before this instant'),
  })
  .refine(
    ({ table, query, format }) => [table, query, format].filter((one) => one !== undefined).length === 1,
    'needs exactly one of table, query and format',
  )
  .refine(({ columns, format }) => columns !== undefined || format !== undefined, 'needs columns: field -> column')
  .describe('Usage that lies in ClickHouse: summed there, only sums come back');

/** Above 0: what is charged by the request has no price in a month without any. */
const monthFactor = (month: CalendarMonth) =>
  amount('1', `Requests of ${capitalised(month)} over those of an ordinary month: 1.9 or 190 %; absent: 1`, {
    min: 0.001,
    max: 100,
  }).optional();

const season = z
  .strictObject(
    Object.fromEntries(CALENDAR_MONTHS.map((month) => [month, monthFactor(month)])) as Record<
      CalendarMonth,
      ReturnType<typeof monthFactor>
    >,
  )
  .describe('How busy months are, by their name: factors over an ordinary month');

export const traffic = z
  .strictObject({
    trace: z
      .string()
      .optional()
      .describe('File or glob, relative to the scenario: CSV, JSON, JSON lines or Parquet, plain or gzipped'),
    format: z
      .string()
      .optional()
      .describe('Format of the trace where the guess is wrong; `tollgate trace formats` lists them'),
    mapping: z
      .string()
      .optional()
      .describe('Mapping of its columns, as `tollgate trace map` writes it; relative to the scenario'),
    clickhouse: clickhouse.optional(),
    synthetic: workloadSpec.optional().describe('Requests made up from arrivals and token lengths, seeded'),
    models: z
      .strictObject({
        default: modelKey.optional().describe('For rows that no rule takes and that name no model'),
        when: z.array(modelRule).default([]).describe('First match wins; takes rows that name a model too'),
      })
      .prefault({}),
    volume: z
      .strictObject({
        requests_per_month: amount(
          'request/month',
          'Requests in an ordinary month at the start; absent: the trace, scaled to 730 hours and over its months’ season',
          { min: 1 },
        ).optional(),
        growth: amount('fraction/month', 'Growth of the volume', { min: -0.99, max: 2 }).optional(),
        season: season.optional(),
      })
      .prefault({}),
    tokens_per_request: z
      .number()
      .positive()
      .optional()
      .describe('Tokens of a request, prompt and answer together, where the trace counts tokens and no requests'),
    peak_to_mean: amount(
      '1',
      'Requests of the busiest minute over those of the mean one; absent: measured, where the trace has single requests',
      { min: 1 },
    ).optional(),
    calls_per_task: amount(
      '1',
      'Requests of a task, one after the other, where agents make them: what each adds to a wait is waited for so often',
      { min: 1, max: 10_000 },
    ).optional(),
    max_rejected_fraction: amount('1', 'Share of rows that may be unreadable before the run stops', SHARE).prefault(
      0.01,
    ),
    batchable: z
      .strictObject({ features: z.array(z.string()).min(1).describe('Features whose requests can wait') })
      .optional()
      .describe('Requests that can wait a day and go at the batch price'),
  })
  .refine(
    ({ trace, synthetic, clickhouse }) =>
      [trace, synthetic, clickhouse].filter((one) => one !== undefined).length === 1,
    'needs exactly one of trace, synthetic and clickhouse',
  );
