/**
 * What a request costs the replay on one core, feature by feature: nanoseconds of processor time (user and system, of the
 * whole process, so collection of garbage and compilation count), from batches that are in memory already. Not measured:
 * reading and numbering a trace. Run after a build: `node scripts/bench-replay.mjs [requests] [dist,dist...] [case]`.
 *
 * All cases, and all builds where several are named, take turns in each round, so that what else the machine does
 * meets them alike. Each figure is the median of the rounds, least and most in brackets; the first round warms up and
 * does not count. `x loop` is the ratio to a loop without state that adds up the tokens of the same rows, `x first` the
 * median over rounds of the ratio to the first build.
 * Rows: 16,384 a batch, 100 requests a second, three features, prompts of Zipf popularity (exponent 0.8) of so many keys or
 * each its own. Prompts are numbered in order of first use, as the replay's reader does, unless `scattered` is said: then
 * neighbours in number have nothing to do with each other. A prompt cache is measured over a tenth of the requests.
 * `one access` is a bare loop that reads one 64-byte line per request at random from so many megabytes: `each waits` where
 * the next address depends on what was read, as in a chain of look-ups, `all at once` where it does not.
 */
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const REQUESTS = Number(process.argv[2] ?? 1_000_000);
const DISTS = (process.argv[3] ?? path.join(import.meta.dirname, '../dist'))
  .split(',')
  .map((dist) => path.resolve(dist));
const ROUNDS = 5;
const EXPONENT = 0.8;
const DISTINCT = Number.POSITIVE_INFINITY;

async function build(dist) {
  const load = (file) => import(pathToFileURL(path.join(dist, file)).href);
  const [{ Names }, { compileRouting }, { parseRouting }, { replayPlan }, { replay }] = await Promise.all(
    ['routing/names.js', 'routing/compile.js', 'routing/routing.js', 'replay/plan.js', 'replay/replay.js'].map(load),
  );
  return { Names, compileRouting, parseRouting, replayPlan, replay };
}

const builds = await Promise.all(DISTS.map(build));
const load = (file) => import(pathToFileURL(path.join(DISTS[0], file)).href);
const { COUNT_METERS } = await load('meters.js');
const { BATCH_ROWS } = await load('replay/columns.js');
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
  ['the same, 1,000,000 keys, scattered', 1_000_000, { policy: fallback, breaker }, cache, 0, true],
  ['the same, every prompt distinct', DISTINCT, { policy: fallback, breaker }, cache],
  ['the same, every prompt distinct, scattered', DISTINCT, { policy: fallback, breaker }, cache, 0, true],
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

const names = new builds[0].Names();
const features = ['', 'chat', 'search', 'draft'];
for (const feature of features.slice(1)) names.index('feature', feature);
names.index('model', 'openai/large');
const column_names = { names, models: ['unassigned', 'openai/large'], features, users: [''], teams: [''] };

/** Draws prompts of Zipf popularity. */
function popularity(keys, draw) {
  const cumulative = new Float64Array(keys);
  let sum = 0;
  for (let i = 0; i < keys; i++) cumulative[i] = sum += (i + 1) ** -EXPONENT;
  return () => {
    const u = draw.uniform() * sum;
    let [low, high] = [0, keys - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] < u) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

const scatter = (number) => Math.imul(number, 0x9e3779b1) & 0x7fffffff;

/** Numbers as they come: in order of first use, or scattered. */
function numbering(isScattered) {
  if (isScattered) return scatter;
  const numbers = new Map();
  return (key) => {
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key);
  };
}

function batchesOf(keys, blocks, isScattered) {
  const draw = substream(1, `columns of ${keys}`);
  let next = 0;
  const popular = keys === DISTINCT ? () => next++ : popularity(keys, draw);
  const number = numbering(isScattered);
  const key = () => number(popular());
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
const made_of = (keys, blocks, isScattered) => {
  const name = `${keys} ${blocks} ${isScattered}`;
  if (!made.has(name)) made.set(name, batchesOf(keys, blocks, isScattered));
  return made.get(name);
};

const cases = CASES.filter(([name]) => process.argv[4] === undefined || name === process.argv[4]).map(
  ([name, keys, routing, settings, blocks = 0, isScattered = false]) => ({
    name,
    plans: builds.map(({ compileRouting, parseRouting, replayPlan }) => {
      const compiled = compileRouting(parseRouting(routing), { routes, names });
      return replayPlan({ routing: compiled, routes, ...settings });
    }),
    rows: [keys, blocks, isScattered],
    times: builds.map(() => []),
    found: undefined,
  }),
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

const at = Uint32Array.from({ length: REQUESTS }, (_, i) => Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(i, 0x85ebca6b));
const floors = [1, 16, 32].flatMap((megabytes) => {
  const memory = new Int32Array(megabytes * 262_144).fill(1);
  const lines = megabytes * 16_384 - 1;
  return [
    {
      name: `one access of ${megabytes} MB, each waits`,
      run: () => {
        let seen = 0;
        for (let i = 0; i < REQUESTS; i++) seen = memory[((at[i] >>> (seen & 1)) & lines) << 4];
        return seen;
      },
      times: [[]],
    },
    {
      name: `one access of ${megabytes} MB, all at once`,
      run: () => {
        let sum = 0;
        for (let i = 0; i < REQUESTS; i++) sum = (sum + memory[((at[i] >>> 1) & lines) << 4]) | 0;
        return sum;
      },
      times: [[]],
    },
  ];
});

const loop = { name: 'token sums alone', times: [[]] };
for (let round = 0; round <= ROUNDS; round++) {
  const all = made_of(20_000, 0, false);
  const [ns] = timed(REQUESTS, () => bare(all));
  if (round > 0) loop.times[0].push(ns);
  for (const one of process.argv[4] === undefined ? floors : []) {
    const [taken] = timed(REQUESTS, one.run);
    if (round > 0) one.times[0].push(taken);
  }
  for (const one of cases) {
    const batches = made_of(...one.rows);
    const requests = batches.reduce((total, batch) => total + batch.requests, 0);
    for (const [at, { replay }] of builds.entries()) {
      const [taken, found] = timed(requests, () => replay(batches, one.plans[at], 1));
      if (round > 0) one.times[at].push(taken);
      const told = JSON.stringify([found.requests, found.outcomes, found.attempts, found.usage.rows]);
      if (one.found !== undefined && one.told !== told) throw new Error(`${one.name}: the builds differ`);
      Object.assign(one, { found, told });
    }
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

console.log(
  `${REQUESTS.toLocaleString('en-GB')} requests, ${ROUNDS} rounds; Node ${process.version}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}`,
);
for (const { name, times, found } of [loop, ...floors, ...cases])
  times.forEach((of, at) => {
    if (of.length === 0) return;
    const ns = median(of);
    const spread = `${ns.toFixed(1)} ns (${Math.min(...of).toFixed(1)} to ${Math.max(...of).toFixed(1)})`;
    const ratios = [`x loop ${median(of.map((one, round) => one / loop.times[0][round])).toFixed(1)}`];
    if (at > 0) ratios.push(`x first ${median(of.map((one, round) => one / times[0][round])).toFixed(2)}`);
    const share = found && ((100 * found.outcomes.served_from_cache) / found.requests).toFixed(1);
    const told =
      found && at === 0 ? `${(1000 / ns).toFixed(2)} M/s; ${share} % from cache, ${found.attempts} attempts` : '';
    console.log(
      `${(at === 0 ? name : `  ${DISTS[at]}`).padEnd(48)} ${spread.padEnd(28)} ${ratios.join(', ').padEnd(28)} ${told}`,
    );
  });
