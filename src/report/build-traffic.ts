/** What was measured, as the report shows it: window, tokens, models, features, and the volume that follows. */
import type { Evaluation } from '../evaluate.ts';
import { tokensBySide } from '../meters.ts';
import { Machine } from '../model/machine.ts';
import { byText, MS_PER_HOUR } from '../units.ts';
import type { UsageRow } from '../usage/table.ts';
import type { Report, ReportBilled } from './contract.ts';
import type { Provenance } from './provenance.ts';

export function trafficOf(
  { usage, prepared }: Evaluation,
  { traffic_source, rejected, billed }: Pick<Provenance, 'traffic_source' | 'rejected' | 'billed'>,
): Report['traffic'] {
  const window = usage.window ?? { from_ms: 0, until_ms: 0 };
  const { demand } = prepared;
  return {
    source: traffic_source,
    requests: demand.window_requests,
    failed_requests: usage.failed_requests,
    rejected,
    window: {
      from: new Date(window.from_ms).toISOString(),
      until: new Date(window.until_ms).toISOString(),
      hours: (window.until_ms - window.from_ms) / MS_PER_HOUR,
    },
    tokens: tokensOf(usage.rows),
    models: groupBy(usage.rows, (row) => row.model).map(([name, rows]) => ({
      model: name,
      requests: requestsOf(rows),
      tokens: tokensOf(rows),
    })),
    features: groupBy(usage.rows, (row) => row.feature).map(([feature, rows]) => ({
      feature,
      requests: requestsOf(rows),
      tokens: tokensOf(rows),
    })),
    monthly_requests: requestsPerMonth(prepared),
    ...(billed === undefined ? {} : { billed: billedOf(billed) }),
  };
}

/** Held against the price book, in the shape of the report. */
export const billedOf = ({
  basis,
  reconciliation: found,
  gap_rows,
}: NonNullable<Provenance['billed']>): ReportBilled => ({
  basis,
  billed_usd: found.billed_usd,
  computed_usd: found.computed_usd,
  unbilled_requests: found.unbilled_requests,
  unbilled_models: [...found.unbilled_models],
  unbilled_days: found.unbilled_days,
  models: found.models.map(({ explanation, ...model }) => ({
    ...model,
    ...(explanation === undefined ? {} : { explanation }),
  })),
  gap_days: [...found.gap_days],
  gap_rows: [...gap_rows],
});

function requestsPerMonth({ model, demand }: Evaluation['prepared']): number[] {
  const machine = new Machine(model, []);
  return Array.from({ length: model.months }, (_, month) => machine.value(demand.requests.ref, month));
}

const requestsOf = (rows: readonly UsageRow[]): number => rows.reduce((total, row) => total + row.requests, 0);

/** The four counts of a report: audio and images count with text, both lives of a cache write together. */
function tokensOf(rows: readonly UsageRow[]): Report['traffic']['tokens'] {
  const counts = { input: 0, cache_read: 0, cache_write: 0, output: 0 };
  for (const row of rows) {
    const sides = tokensBySide(row);
    for (const side of Object.keys(counts) as (keyof typeof counts)[]) counts[side] += sides[side];
  }
  return counts;
}

function groupBy(rows: readonly UsageRow[], keyOf: (row: UsageRow) => string): [string, UsageRow[]][] {
  const groups = new Map<string, UsageRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups].sort(([a], [b]) => byText(a, b));
}
