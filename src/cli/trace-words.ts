/** What `tollgate trace inspect` says to people. */
import type { ReportBilled } from '../report/contract.ts';
import { listed, plural } from '../report/format.ts';
import { BILLED_WORDS, relativeDifference, unbilledWords } from '../report/words.ts';
import type { TraceInspection } from './inspection-contract.ts';
import { terminalTable, usd } from './terminal-table.ts';

export async function inspectionInWords(seen: TraceInspection): Promise<string> {
  const [{ default: Table }, { colours }] = await Promise.all([import('cli-table3'), import('./colours.ts')]);
  const pc = colours();
  const table = new Table({
    head: ['Tokens', 'Sum', 'p50', 'p95', 'p99', 'Max'].map((name) => pc.bold(name)),
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const { tokens, quantiles, arrivals, window } = seen;
  const sized = (sizes: TraceInspection['quantiles']['input']): string[] =>
    sizes === null ? ['', '', '', ''] : [sizes.p50, sizes.p95, sizes.p99, sizes.max].map(whole);
  table.push(
    ['Prompt', whole(tokens.input + tokens.cache_read + tokens.cache_write), ...sized(quantiles.input)],
    ['  fresh', whole(tokens.input), '', '', '', ''],
    ['  cache read', whole(tokens.cache_read), '', '', '', ''],
    ['  cache write', whole(tokens.cache_write), '', '', '', ''],
    ['Output', whole(tokens.output), ...sized(quantiles.output)],
  );
  const billedTable = seen.billed === null ? [] : await billedInWords(seen.billed);
  const hasUsage = seen.models.length > 0;
  const failed = seen.failed_requests === 0 ? '' : `, ${whole(seen.failed_requests)} of them failed without usage`;
  const summed = seen.summed_over_hours === null ? '' : `${whole(seen.rows)} rows that sum `;
  const requests = seen.requests === null ? 'requests that the log does not count' : `${whole(seen.requests)} requests`;
  const lines = [
    ...understoodAs(seen).map((text, i) => (i === 0 ? pc.bold(text) : text)),
    `${summed}${requests}${failed}, ${whole(seen.rejected)} rows rejected`,
    ...seen.skipped.map(({ reason, rows }) => `${whole(rows)} rows left out: ${reason}`),
    ...(window === null
      ? []
      : [`${window.from} until ${window.until}${seen.clock === 'relative' ? ' (relative)' : ''}`]),
    ...(arrivals === null
      ? []
      : [
          `${arrivals.mean_requests_per_second.toPrecision(4)} requests/s, busiest minute ${arrivals.peak_minute.requests} ` +
            `(${arrivals.peak_to_mean.toPrecision(3)} x the mean) at ${arrivals.peak_minute.from}`,
        ]),
    ...(hasUsage ? [table.toString()] : []),
    ...(seen.models.length === 0
      ? []
      : [
          `Models: ${seen.models.map(({ model, requests }) => (seen.requests === null ? model : `${model} (${whole(requests)})`)).join(', ')}`,
        ]),
    ...(hasUsage ? attributionInWords(seen) : []),
    ...billedTable,
    seen.cost_usd === null
      ? pc.red(hasUsage ? 'Cost: not known' : 'Cost: no usage to price')
      : `Cost: ${pc.bold(`${Number(seen.cost_usd.toPrecision(12))} USD`)} at list prices`,
    ...seen.unpriced.map(({ model, requests, reason }) =>
      pc.red(`Unpriced: ${model}, ${whole(requests)} requests: ${reason}`),
    ),
    ...seen.warnings.map((text) => pc.yellow(`Warning: ${text}`)),
  ];
  return `${lines.join('\n')}\n`;
}

/** By whom costs can be attributed, and which columns would tell more. */
function attributionInWords({ attribution, requests }: TraceInspection): string[] {
  const stated = attribution.filter(({ names, and_more }) => names > 0 || and_more);
  const lacks = attribution.filter((one) => !stated.includes(one)).map(({ dimension }) => dimension);
  const share = (of: number): string => (requests === null || requests === 0 ? '' : ` in ${whole(of)} requests`);
  return [
    ...(stated.length === 0
      ? []
      : [
          `Costs can be told by ${stated
            .map(
              (one) =>
                `${one.dimension} (${one.and_more ? 'more than ' : ''}${plural(one.names, 'name')}${share(one.requests)})`,
            )
            .join(', ')}`,
        ]),
    ...(lacks.length === 0
      ? []
      : [`Not stated: ${listed(lacks)}; a column of that name, or a mapping, would tell what each costs`]),
  ];
}

/** 1,234,567, or one decimal where a quantile falls between two counts. */
const whole = (value: number): string => value.toLocaleString('en-GB', { maximumFractionDigits: 1 });

/** What it was read as and why; what had to be settled. Files of one kind are told once. */
function understoodAs(seen: TraceInspection): string[] {
  if (seen.files.length === 1)
    return [
      `${seen.file}: read as ${seen.format}, since ${seen.reasons.join('; ')}`,
      ...seen.files[0]!.settles.map((text) => `  ${text}`),
    ];
  const kinds = new Map<string, TraceInspection['files'][number][]>();
  for (const one of seen.files) {
    const key = `${one.format} ${one.reasons.join('; ')} ${one.settles.join(' ')}`;
    kinds.set(key, [...(kinds.get(key) ?? []), one]);
  }
  return [
    `${seen.file}: ${seen.files.length} files`,
    ...[...kinds.values()].flatMap((files) => [
      `  ${files.length === 1 ? files[0]!.file : `${files.length} files, first ${files[0]!.file}`}: read as ${files[0]!.format}, since ${files[0]!.reasons.join('; ')}`,
      ...files[0]!.settles.map((text) => `    ${text}`),
    ]),
  ];
}

async function billedInWords(billed: ReportBilled): Promise<string[]> {
  const table = await terminalTable(
    ['Model', 'Billed USD', 'Computed USD', 'Difference', '', 'What would explain it'],
    ['left', 'right', 'right', 'right', 'right', 'left'],
  );
  for (const m of billed.models)
    table.push([
      m.model,
      usd(m.billed_usd),
      m.computed_usd === null ? '–' : usd(m.computed_usd),
      m.difference_usd === null ? '' : usd(Math.round(m.difference_usd * 1e9) / 1e9),
      relativeDifference(m.billed_usd, m.computed_usd),
      m.explanation ?? '',
    ]);
  const gap = (at: string, one: { model: string; billed_usd: number; computed_usd: number }): string =>
    `  ${at} ${one.model}: billed ${usd(one.billed_usd)}, computed ${usd(one.computed_usd)}`;
  return [
    BILLED_WORDS[billed.basis],
    table.toString(),
    ...(billed.unbilled_models.length > 0 ? [unbilledWords(billed)] : []),
    ...(billed.gap_rows.length > 0
      ? ['Rows that differ most:', ...billed.gap_rows.map((row) => gap(`${row.file}:${row.line}`, row))]
      : billed.gap_days.length > 0
        ? ['Days that differ most:', ...billed.gap_days.map((day) => gap(day.date, day))]
        : []),
  ];
}
