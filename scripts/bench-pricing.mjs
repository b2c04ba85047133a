/**
 * How long pricing a rollup of a million rows takes on one core, and how that compares with a bare loop over typed arrays
 * that does the same arithmetic. Run after a build: `npm run bench pricing`.
 */
import { performance } from 'node:perf_hooks';
import { readPriceBook } from '../dist/io/read-price-book.js';
import { COUNT_METERS, NO_COUNTS, SERVICE_TIERS } from '../dist/meters.js';
import { allBandEdges } from '../dist/pricing/bands.js';
import { UsageCharges } from '../dist/pricing/usage-charges.js';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 5;
const USED = ['input_tokens', 'cache_read_tokens', 'output_tokens', 'reasoning_tokens'];
const START_HOUR = Date.parse('2026-08-21T00:00:00Z') / 3_600_000;

const book = await readPriceBook();
const edges = allBandEdges(book);
const models = ['openai/gpt-5', 'anthropic/claude-sonnet-4-5', 'google/gemini-2.5-pro', 'deepseek/deepseek-v4-pro'];
const rows = Array.from({ length: ROWS }, (_, i) => ({
  hour: START_HOUR + Math.floor((i * 720) / ROWS),
  model: models[i % models.length],
  feature: `feature-${i % 97}`,
  band: 0,
  tier: SERVICE_TIERS[0],
  requests: 1 + (i % 5),
  ...NO_COUNTS,
  ...Object.fromEntries(USED.map((meter, j) => [meter, 100 + ((i * (j + 7)) % 5000)])),
}));
const table = { edges, rows, window: undefined, failed_requests: 0, requests_per_minute: new Map() };

const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
const timed = (run) => {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    run();
    times.push(performance.now() - from);
  }
  return median(times);
};

let cost;
const priced = timed(() => {
  const charges = new UsageCharges(book);
  charges.add(table, { on: undefined, has_hours: true });
  cost = charges.cost_usd;
});

const counts = new Float64Array(ROWS * COUNT_METERS.length);
for (let i = 0, at = 0; i < ROWS; i++) for (const meter of COUNT_METERS) counts[at++] = rows[i][meter];
const prices = new Float64Array(COUNT_METERS.length).fill(1e-6);
const bare = timed(() => {
  let total = 0;
  for (let i = 0, at = 0; i < ROWS; i++) for (let m = 0; m < prices.length; m++) total += counts[at++] * prices[m];
  return total;
});

console.log(
  `${ROWS.toLocaleString('en-GB')} rows, ${COUNT_METERS.length} meters each, ${models.length} models over 30 days`,
);
console.log(
  `priced in ${priced.toFixed(0)} ms (median of ${ROUNDS}): ${cost === null ? 'unpriced' : `${cost.toFixed(2)} USD`}`,
);
console.log(`bare loop over typed arrays ${bare.toFixed(1)} ms, ratio ${(priced / bare).toFixed(1)}`);
