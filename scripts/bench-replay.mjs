/**
 * What a request costs the replay on one core, in nanoseconds of processor time, feature by feature, beside a loop without
 * state that only adds tokens up. Run after a build: `node scripts/bench-replay.mjs [requests] [dist] [case]`. The cases take turns; each
 * figure is the median of the rounds, least and most in brackets.
 *
 * Batches of 16,384 rows, 20,000 or 1,000,000 distinct prompts of Zipf popularity (exponent 0.8), three features, 100 requests a second.
 */
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const REQUESTS = Number(process.argv[2] ?? 3_000_000);
const DIST = path.resolve(process.argv[3] ?? path.join(import.meta.dirname, '../dist'));
const ROUNDS = 5;
const EXPONENT = 0.8;
const load = (file) => import(pathToFileURL(path.join(DIST, file)).href);

const { COUNT_METERS } = await load('meters.js');
const { Names } = await load('routing/names.js');
const { compileRouting } = await load('routing/compile.js');
const { parseRouting } = await load('routing/routing.js');
const { BATCH_ROWS } = await load('replay/columns.js');
const { replayPlan } = await load('replay/plan.js');
const { replay } = await load('replay/replay.js');
const { substream } = await load('random.js');

const START_MS = Date.UTC(2026, 2, 2);
const routes = {
  first: { seller: 'openai', model: 'large', tier: 'standard' },
  second: { seller: 'mistral', model: 'medium', tier: 'standard' },
};
const fallback = { kind: 'fallback', first: 'first', to: ['second'] };
const breaker = { failures: 50, rate: 0.5, window: '60 s' };
const spread = { mean_ms: 500, quantile: (u) => 500 + 100 * u, tail: () => 0 };
const latency = {
  first_token: spread,
  per_token: { mean_ms: 10, quantile: (u) => 5 + 10 * u, tail: () => 0 },
  prefill_ms_per_1000_tokens: 40,
  failure: spread,
  inspection_ms: 0,
  hops: [],
};
const until_ms = START_MS + REQUESTS * 10;
const outages = [0.2, 0.5, 0.8].map((share) => ({
  component: 'openai',
  from_ms: START_MS + share * (until_ms - START_MS),
  until_ms: START_MS + (share + 0.01) * (until_ms - START_MS),
  severity: 'full',
  failing_fraction: 1,
}));
const cache = { response_cache: { life_ms: 3_600_000, life_from: 'insertion', tenant: 'all' } };

const CASES = [
  ['single route', 20_000, { policy: 'first' }, {}],
  ['fallback', 20_000, { policy: fallback }, {}],
  ['fallback, breaker', 20_000, { policy: fallback, breaker }, {}],
  ['fallback, breaker, outages of 3 % of the time', 20_000, { policy: fallback, breaker }, { outages }],
  ['fallback, breaker, response cache', 20_000, { policy: fallback, breaker }, cache],
  ['the same, 1,000,000 keys', 1_000_000, { policy: fallback, breaker }, cache],
  [
    'the same, 20,000 keys, outages, retries',
    20_000,
    { policy: fallback, breaker, retries: { per_route: 1 } },
    { ...cache, outages },
  ],
  [
    'the same, 1 % errors',
    20_000,
    { policy: fallback, breaker, retries: { per_route: 1 } },
    { ...cache, outages, conditions: { errors: [{ rates: new Map([[500, 0.01]]) }, undefined] } },
  ],
  [
    'fallback, breaker, latency',
    20_000,
    { policy: fallback, breaker },
    { conditions: { latency: [latency, latency] } },
  ],
  [
    'fallback, breaker, prompt cache (20 blocks)',
    20_000,
    { policy: fallback, breaker },
    {
      prompt_caches: {
        openai: { block_tokens: 512, life_ms: 300_000, life_from: 'last_use', write_meter: 'input_tokens' },
      },
    },
    20,
  ],
];

const names = new Names();
const features = ['', 'chat', 'search', 'draft'];
for (const feature of features.slice(1)) names.index('feature', feature);
names.index('model', 'openai/large');
const column_names = { names, models: ['unassigned', 'openai/large'], features, users: [''], teams: [''] };

function batchesOf(keys, blocks) {
  const draw = substream(1, `columns of ${keys}`);
  const cumulative = new Float64Array(keys);
  let sum = 0;
  for (let i = 0; i < keys; i++) cumulative[i] = sum += (i + 1) ** -EXPONENT;
  const key = () => {
    const u = draw.uniform() * sum;
    let [low, high] = [0, keys - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] < u) low = middle + 1;
      else high = middle;
    }
    return Math.imul(low, 0x9e3779b1) & 0x7fffffff;
  };
  const count = blocks > 0 ? REQUESTS / 10 : REQUESTS;
  const batches = [];
  for (let from = 0; from < count; from += BATCH_ROWS) {
    const requests = Math.min(BATCH_ROWS, count - from);
    const whole = (make) => Uint32Array.from({ length: requests }, make);
    const prompt = Int32Array.from({ length: requests }, key);
    const prompt_tokens = whole(() => (blocks > 0 ? blocks * 512 : 50 + draw.integer(2000)));
    const output_tokens = whole(() => 20 + draw.integer(400));
    const model = whole(() => 1);
    const zeros = whole(() => 0);
    const counts = COUNT_METERS.map((meter) =>
      meter === 'input_tokens'
        ? Float64Array.from(prompt_tokens)
        : meter === 'output_tokens'
          ? Float64Array.from(output_tokens)
          : new Float64Array(0),
    );
    batches.push({
      requests,
      time_ms: Float64Array.from({ length: requests }, (_, i) => START_MS + (from + i) * 10),
      tenant: zeros,
      prompt,
      scope: model,
      chains: Uint32Array.from({ length: requests * blocks }, (_, at) =>
        at % blocks < 5 ? at % blocks : ((prompt[Math.floor(at / blocks)] & 0xffffff) << 5) + (at % blocks),
      ),
      chain_offset: whole((_, i) => i * blocks),
      chain_length: whole(() => blocks),
      prompt_tokens,
      output_tokens,
      column_names,
      context_tokens: prompt_tokens,
      model,
      feature: whole(() => 1 + draw.integer(3)),
      user: zeros,
      team: zeros,
      tier: new Uint8Array(requests),
      meters: Uint8Array.from(['input_tokens', 'output_tokens'].map((meter) => COUNT_METERS.indexOf(meter))),
      counts,
    });
  }
  return batches;
}

const made = new Map();
const made_of = (keys, blocks) => {
  const name = `${keys} ${blocks}`;
  if (!made.has(name)) made.set(name, batchesOf(keys, blocks));
  return made.get(name);
};

const cases = CASES.filter(([name]) => process.argv[4] === undefined || name === process.argv[4]).map(
  ([name, keys, routing, settings, blocks = 0]) => {
    const compiled = compileRouting(parseRouting(routing), { routes, names });
    return {
      name,
      plan: replayPlan({ routing: compiled, routes, ...settings }),
      keys,
      blocks,
      times: [],
      found: undefined,
    };
  },
);

function timed(requests, run) {
  const from = process.cpuUsage();
  const found = run();
  const { user, system } = process.cpuUsage(from);
  return [((user + system) * 1000) / requests, found];
}

function bare(batches) {
  let tokens = 0;
  for (const { requests, prompt_tokens, output_tokens } of batches)
    for (let i = 0; i < requests; i++) tokens += prompt_tokens[i] + output_tokens[i];
  return tokens;
}

const loop = { name: 'token sums alone', times: [] };
for (let round = 0; round <= ROUNDS; round++) {
  const all = made_of(20_000, 0);
  const [ns] = timed(REQUESTS, () => bare(all));
  if (round > 0) loop.times.push(ns);
  for (const one of cases) {
    const batches = made_of(one.keys, one.blocks);
    const requests = batches.reduce((total, batch) => total + batch.requests, 0);
    const [taken, found] = timed(requests, () => replay(batches, one.plan, 1));
    if (round > 0) one.times.push(taken);
    one.found = found;
  }
}

console.log(
  `${REQUESTS.toLocaleString('en-GB')} requests, ${ROUNDS} rounds; Node ${process.version}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}`,
);
for (const { name, times, found } of [loop, ...cases]) {
  times.sort((a, b) => a - b);
  const ns = times[Math.floor(times.length / 2)];
  const told =
    found === undefined
      ? ''
      : `${(1000 / ns).toFixed(2)} M/s; ${((100 * found.outcomes.served_from_cache) / found.requests).toFixed(1)} % from cache, ${found.attempts} attempts`;
  console.log(
    `${name.padEnd(48)} ${`${ns.toFixed(1)} ns (${times[0].toFixed(1)} to ${times.at(-1).toFixed(1)})`.padEnd(28)} ${told}`,
  );
}
