/** The traffic of a scenario as a usage table, and what it was billed: from a trace, an engine, or a synthetic workload. */
import { type Diagnostic, InputError, inputError, warning } from '../errors.ts';
import { measure } from '../measure.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { reconcile } from '../pricing/reconcile.ts';
import { RowGaps } from '../pricing/row-gaps.ts';
import { NO_REPLAYS, type ReplayedStrategies } from '../replay/replayed.ts';
import type { Provenance } from '../report/provenance.ts';
import type { Scenario } from '../scenario/schema.ts';
import { misspeltReplays, replayedIds, StrategyReplays } from '../strategy-replays.ts';
import type { Reject, TraceRequest } from '../trace/request.ts';
import { hasDates, type UsageTable } from '../usage/table.ts';
import { placedFindings } from './placed-findings.ts';
import type { SourceReading, TrafficOptions } from './source-reading.ts';
import { readInto } from './traffic-source.ts';

export interface Traffic {
  readonly usage: UsageTable;
  /** Of strategies that the scenario replays. */
  readonly replays: ReplayedStrategies;
  /** What was billed, held against the price book; undefined: the traffic does not say. */
  readonly billed: Provenance['billed'];
  /** What was read, in words. */
  readonly source: string;
  readonly rejected: number;
  readonly rejects: readonly Reject[];
  readonly warnings: readonly Diagnostic[];
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
}

export async function readTraffic(
  scenario: Scenario,
  scenarioFile: string,
  book: PriceBook,
  options: TrafficOptions = {},
): Promise<Traffic> {
  const on = `${scenario.start}-01`;
  const measured = measure(scenario, book, on);
  const gaps = new RowGaps(book, undefined);
  const replays = await replaysOf(scenario, scenarioFile, book, measured.modelOf);
  const reading = await readInto(
    scenario,
    scenarioFile,
    book,
    {
      add: (request, file, line) => {
        measured.add(request);
        replays?.add(request);
        if (request.billed_nano_usd !== undefined) gaps.add(request, measured.usedModelOf(request), file, line);
      },
      addGrouped: (grouped) => {
        if (replays !== undefined)
          throw inputError(
            'REPLAY_GROUPED',
            `${scenarioFile} replay`,
            'needs every request, and this traffic arrives as sums; give single requests (--engine rows), or take `replay` out',
          );
        measured.addGrouped(grouped);
      },
    },
    replays === undefined ? options : { ...options, engine: everyRow(options.engine) },
  );
  const usage = measured.table();
  checkUsage(scenario, usage, reading);
  const bill = measured.bill();
  const dating = { on: reading.clock === 'absolute' ? undefined : on, has_hours: reading.clock === 'absolute' };
  return {
    usage,
    replays: replays?.end(reading.source, reading.clock) ?? NO_REPLAYS,
    billed: bill && {
      basis: reading.billed.length > 1 ? 'mixed' : (reading.billed[0] ?? 'estimated'),
      reconciliation: reconcile(book, bill, dating),
      gap_rows: gaps.worst,
    },
    source: reading.source,
    rejected: reading.rejected,
    rejects: reading.rejects,
    warnings: [...reading.warnings, ...oldTimes(usage, reading)],
    inputs: reading.inputs,
  };
}

async function replaysOf(
  scenario: Scenario,
  scenarioFile: string,
  book: PriceBook,
  assign: (request: TraceRequest) => string | undefined,
): Promise<StrategyReplays | undefined> {
  const slips = misspeltReplays(scenario);
  if (slips.length > 0) throw await placedFindings(new InputError(slips), scenarioFile, 'replay');
  if (replayedIds(scenario).length === 0) return undefined;
  try {
    return new StrategyReplays(scenario, book, assign);
  } catch (error) {
    throw error instanceof InputError ? await placedFindings(error, scenarioFile, 'replay') : error;
  }
}

/** A replay reads row by row, unless another engine was asked for: then it says why it can't. */
const everyRow = (engine: TrafficOptions['engine']): TrafficOptions['engine'] =>
  engine === undefined || engine === 'auto' ? 'rows' : engine;

function checkUsage(scenario: Scenario, usage: UsageTable, { source, clock }: SourceReading): void {
  if (usage.rows.length === 0)
    throw inputError(
      'TRACE_NO_ROWS',
      source,
      scenario.traffic.synthetic === undefined
        ? 'has no request that used a token'
        : 'makes no request; raise requests_per_hour or duration_hours',
    );
  if (clock === 'none' && scenario.traffic.volume.requests_per_month === undefined)
    throw inputError(
      'TRACE_NO_TIME',
      source,
      'has no times, so a month can’t be projected from it; add traffic.volume.requests_per_month to the scenario',
    );
}

/** Times before any model was sold: an error where they would be dates of our time in another unit. */
function oldTimes(usage: UsageTable, { clock, source }: SourceReading): Diagnostic[] {
  if (clock !== 'absolute' || hasDates(usage)) return [];
  const from_ms = usage.window?.from_ms ?? 0;
  const inSeconds = new Date(from_ms * 1000).getUTCFullYear();
  const year = new Date(from_ms).getUTCFullYear();
  if (inSeconds >= 2015 && inSeconds <= 2100)
    throw inputError(
      'TRACE_OLD_TIMES',
      source,
      `its times lie in ${year}; read as seconds instead of milliseconds they would lie in ${inSeconds}. Give them as \`time\`, or say so in a mapping: time: {column: …, unit: s}`,
    );
  return [warning('TRACE_OLD_TIMES', source, `its times lie in ${year}; are they in the unit that the format says?`)];
}
