/**
 * How fast traces are summed: our roll-up beside the same validated aggregate and a bare one written by hand in DuckDB,
 * csv-parse and a plain reading of the file. Interleaved rounds, a process for each measurement; then memory against rows.
 * Run after a build: `npm run bench traffic`; `--quick` takes a million rows and three rounds.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readSync, renameSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const FOLDER = process.env.TOLLGATE_BENCH_DIR ?? join(tmpdir(), 'tollgate-bench');
const QUICK = process.argv.includes('--quick');
const ROWS = QUICK ? 1_000_000 : 10_000_000;
const ROUNDS = QUICK ? 3 : 5;
const PARSED_ROWS = 1_000_000;
const BIG_ROWS = 100_000_000;
const BIG_BYTES = 2.5e9;
const DAYS = 61;
const FIRST_MS = Date.parse('2026-03-01T00:00:00Z');
const NAMES = [
  'time',
  'seller',
  'model',
  'feature',
  'tier',
  'input_tokens',
  'cache_read_tokens',
  'output_tokens',
  'user',
];
const EDGES = [128_000, 200_001, 272_001];
const BARS = { 'ours, CSV / by hand': 1.25, 'ours, CSV / bare': 1.6, 'ours, CSV / ours without labels': 1.1 };
const MOST_RSS_MB = 600;

const fileOf = (rows, kind) => join(FOLDER, `requests-${rows / 1e6}m-2.${kind}`);
const count = (n) => n.toLocaleString('en-GB');

/** Pseudo-random columns of row i: hashes of i and a number per column. */
function generator(rows) {
  const below = (column, most) => `CAST(hash(i * 16 + ${column}) % ${most} AS INTEGER)`;
  return `SELECT make_timestamp((${FIRST_MS} + i * ${DAYS * 86_400_000} // ${rows}) * 1000) AS time,
    CASE WHEN pick < 70 THEN 'openai' ELSE 'anthropic' END AS seller,
    CASE WHEN pick < 40 THEN 'gpt-5-mini' WHEN pick < 70 THEN 'gpt-5' WHEN pick < 85 THEN 'claude-sonnet-4-5' ELSE 'claude-haiku-4-5' END AS model,
    ['chat', 'search', 'digest', 'tagging', 'eval'][1 + part] AS feature,
    CASE WHEN part = 3 THEN 'batch' ELSE 'standard' END AS tier,
    CASE WHEN ${below(3, 10_000)} < 76 THEN 200001 + ${below(4, 800_000)} ELSE 20 + ${below(4, 8000)} END AS input_tokens,
    CASE WHEN ${below(5, 10)} < 4 THEN ${below(6, 4000)} ELSE 0 END AS cache_read_tokens,
    1 + ${below(7, 1500)} AS output_tokens,
    'u' || ${below(8, 5000)} AS user
    FROM (SELECT i, ${below(1, 100)} AS pick, ${below(2, 5)} AS part FROM range(${rows}) AS r(i))`;
}

async function duckdb() {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const memory = { memory_limit: '320MB', preserve_insertion_order: 'false' };
  return await (await DuckDBInstance.create(':memory:', memory)).connect();
}

async function make(rows, kind) {
  const file = fileOf(rows, kind);
  if (existsSync(file)) return file;
  mkdirSync(FOLDER, { recursive: true });
  process.stderr.write(`making ${file} …\n`);
  const connection = await duckdb();
  await connection.run('SET preserve_insertion_order = true');
  const select =
    kind === 'csv'
      ? `SELECT * REPLACE (strftime(time, '%Y-%m-%dT%H:%M:%S.%gZ') AS time) FROM (${generator(rows)})`
      : generator(rows);
  const format = kind === 'csv' ? 'FORMAT CSV, HEADER' : 'FORMAT PARQUET, COMPRESSION ZSTD';
  await connection.run(`COPY (${select}) TO '${file}.part' (${format})`);
  renameSync(`${file}.part`, file);
  return file;
}

const quotedTypes = (types) => `{${NAMES.map((name) => `'${name}': '${types[name] ?? 'VARCHAR'}'`).join(', ')}}`;

/** Nothing is checked: what DuckDB makes of the cells is summed by hour. */
const bare = (file) => `SELECT epoch_ms(time) // 3600000 AS hour, seller, model, feature, tier,
    input_tokens + cache_read_tokens > 200000 AS is_long, count(*), sum(input_tokens), sum(cache_read_tokens), sum(output_tokens)
  FROM read_csv('${file}', header=true, auto_detect=false, columns=${quotedTypes({ time: 'TIMESTAMP', input_tokens: 'BIGINT', cache_read_tokens: 'BIGINT', output_tokens: 'BIGINT' })})
  GROUP BY ALL`;

/** As one writes it who needs it once: every cell a text, patterns for what counts, minutes, and a count of bad rows. */
const byHand = (
  file,
) => `SELECT ok, hour, seller, model, feature, tier, band, minute, count(*), min(ms), max(ms), sum(i), sum(c), sum(o)
  FROM (SELECT *, ms // 3600000 AS hour, ms // 60000 AS minute,
      CASE ${EDGES.map((edge, band) => `WHEN i + c < ${edge} THEN ${band}`).join(' ')} ELSE ${EDGES.length} END AS band
    FROM (SELECT seller, model, feature, tier, epoch_ms(TRY_CAST(time AS TIMESTAMP)) AS ms,
        TRY_CAST(input_tokens AS BIGINT) AS i, coalesce(TRY_CAST(cache_read_tokens AS BIGINT), 0) AS c, TRY_CAST(output_tokens AS BIGINT) AS o,
        overflow IS NULL AND user IS NOT NULL
          AND regexp_full_match(time, '[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?Z')
          AND TRY_CAST(time AS TIMESTAMP) IS NOT NULL
          AND regexp_full_match(input_tokens, '[0-9]{1,16}')
          AND (cache_read_tokens = '' OR regexp_full_match(cache_read_tokens, '[0-9]{1,16}'))
          AND regexp_full_match(output_tokens, '[0-9]{1,16}')
          AND tier IN ('', 'standard', 'batch', 'flex', 'priority', 'fast') AS ok
      FROM read_csv('${file}', header=false, skip=1, auto_detect=false, quote='"', escape='"', null_padding=true, nullstr=chr(1),
        columns=${quotedTypes({}).replace('}', ", 'overflow': 'VARCHAR'}")})))
  GROUP BY GROUPING SETS ((ok, hour, seller, model, feature, tier, band), (ok, minute))`;

/** Each in a process of its own; gives what it read. */
const CASES = {
  'ours, CSV': async (file) => await ours(file, 'csv'),
  'ours without labels, CSV': async (file) => await ours(file, 'csv', WITHOUT_LABELS),
  'ours, Parquet': async (file) => await ours(file, 'parquet'),
  'by hand, CSV': async (file) => (await (await duckdb()).runAndReadAll(byHand(file))).currentRowCount,
  'bare, CSV': async (file) => (await (await duckdb()).runAndReadAll(bare(file))).currentRowCount,
  'csv-parse, first million': async (file) => await parsed(file),
  'read alone': (file) => readAlone(file),
};

/** The same file with a column that no adapter knows in place of the user, who is summed otherwise. */
const WITHOUT_LABELS = NAMES.map((name) => (name === 'user' ? 'not_a_label' : name));

async function ours(path, container, names = NAMES) {
  const { rollupWithDuckdb } = await import('../dist/engines/duckdb.js');
  const { canonical } = await import('../dist/trace/adapters/canonical.js');
  const answer = await rollupWithDuckdb([{ path, adapter: canonical, container, names }], { edges: EDGES });
  if (answer.falls_back.length > 0) throw new Error(answer.falls_back[0].reason);
  return answer.rows;
}

async function parsed(file) {
  const { createReadStream } = await import('node:fs');
  const { parse } = await import('csv-parse');
  let rows = 0;
  for await (const _ of createReadStream(file).pipe(parse({ to: PARSED_ROWS + 1 }))) rows++;
  return rows;
}

function readAlone(file) {
  const handle = openSync(file, 'r');
  const chunk = Buffer.allocUnsafe(1 << 20);
  let bytes = 0;
  for (let read = 1; read > 0; bytes += read) read = readSync(handle, chunk, 0, chunk.length, null);
  return bytes;
}

async function child(name, file) {
  const cpu = process.cpuUsage();
  const from = performance.now();
  const answer = await CASES[name](file);
  const ms = performance.now() - from;
  const { user, system } = process.cpuUsage(cpu);
  const rss_mb = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ ms, cpu_ms: (user + system) / 1000, rss_mb, answer }));
  // An instance that was not closed keeps a process alive.
  process.exit(0);
}

function measured(name, file) {
  const run = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--case', name, file], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${name}: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function ratios(samples, [one, other], unit) {
  const paired = samples[one].map((sample, round) => sample[unit] / samples[other][round][unit]);
  return { median: median(paired), range: `${Math.min(...paired).toFixed(2)}..${Math.max(...paired).toFixed(2)}` };
}

async function speed() {
  const csv = await make(ROWS, 'csv');
  const parquet = await make(ROWS, 'parquet');
  const mb = (file) => (statSync(file).size / 1e6).toFixed(0);
  console.log(
    `${count(ROWS)} rows, ${mb(csv)} MB as CSV, ${mb(parquet)} MB as Parquet; ${ROUNDS} interleaved rounds\n`,
  );
  const names = Object.keys(CASES);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const name of names) samples[name].push(measured(name, name === 'ours, Parquet' ? parquet : csv));
  const scale = ROWS / PARSED_ROWS;
  for (const name of names) {
    const of = (unit) => median(samples[name].map((sample) => sample[unit]));
    const scaled = name.startsWith('csv-parse')
      ? `; times ${scale} for all rows: ${count(Math.round(of('ms') * scale))} ms`
      : '';
    console.log(
      `${name.padEnd(26)} ${count(Math.round(of('ms'))).padStart(8)} ms  cpu ${count(Math.round(of('cpu_ms'))).padStart(8)} ms  ${of('rss_mb').toFixed(0).padStart(4)} MB${scaled}`,
    );
  }
  console.log('');
  for (const [pair, bar] of Object.entries(BARS)) {
    const two = pair.split(' / ').map((name) => (name.includes(',') ? name : `${name}, CSV`));
    const [time, cpu] = ['ms', 'cpu_ms'].map((unit) => ratios(samples, two, unit));
    console.log(
      `${pair}: ${time.median.toFixed(2)} (${time.range}) by the clock, ${cpu.median.toFixed(2)} (${cpu.range}) by CPU; bar ${bar}: ${verdict(Math.min(time.median, cpu.median), Math.max(time.median, cpu.median), bar)}`,
    );
  }
}

const verdict = (low, high, bar) =>
  high <= bar ? 'met' : low <= bar ? 'met by one of them' : `missed by ${(low - bar).toFixed(2)}`;

async function memory() {
  console.log('');
  const sizes = QUICK ? [1_000_000] : [1_000_000, 10_000_000, BIG_ROWS];
  const peaks = [];
  for (const rows of sizes) {
    if (rows === BIG_ROWS && !existsSync(fileOf(rows, 'parquet'))) {
      mkdirSync(FOLDER, { recursive: true });
      const { bavail, bsize } = statfsSync(FOLDER);
      if (bavail * bsize < BIG_BYTES) {
        console.log(
          `${count(rows)} rows: left out, ${FOLDER} has ${((bavail * bsize) / 1e9).toFixed(1)} GB free and it takes 2.5`,
        );
        continue;
      }
    }
    const { ms, cpu_ms, rss_mb } = measured('ours, Parquet', await make(rows, 'parquet'));
    peaks.push(rss_mb);
    console.log(
      `${count(rows).padStart(11)} rows of Parquet: ${rss_mb.toFixed(0)} MB at most, ${(ms / 1000).toFixed(1)} s, cpu ${(cpu_ms / 1000).toFixed(1)} s`,
    );
  }
  const most = Math.max(...peaks);
  console.log(`most memory ${most.toFixed(0)} MB; bar ${MOST_RSS_MB}: ${most <= MOST_RSS_MB ? 'met' : 'missed'}`);
}

const at = process.argv.indexOf('--case');
if (at >= 0) await child(process.argv[at + 1], process.argv[at + 2]);
else {
  await speed();
  await memory();
  process.exit(0);
}
