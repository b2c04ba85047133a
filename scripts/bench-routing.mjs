/**
 * What a request costs the router's policies on one core, in nanoseconds: begin, next, report, next. Run after a build:
 * `node scripts/bench-routing.mjs [requests] [dist] [case]`. Each figure is CPU time, the median of seven rounds (least and most in
 * brackets); the policies take turns.
 *
 * Most routes answer at once; where failures are said, one attempt in twenty fails. A response cache is not part of it.
 */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const REQUESTS = Number(process.argv[2] ?? 2_000_000);
const DIST = path.resolve(process.argv[3] ?? path.join(import.meta.dirname, '../dist'));
const ROUNDS = 7;
const load = (file) => import(pathToFileURL(path.join(DIST, file)).href);

const { compileRouting } = await load('routing/compile.js');
const { parseRouting } = await load('routing/routing.js');
const { createRequest } = await load('routing/request.js');
const { createRoutingState } = await load('routing/state.js');
const { createResult } = await load('routing/attempt.js');
const { Cursor } = await load('routing/cursor.js');
const { failed, ANSWERED, WAIT } = await load('routing/outcome.js');
const { substream } = await load('random.js');

const route = (seller, model, tier = 'standard') => ({ seller, model, tier });
const routes = {
  large: route('openai', 'large'),
  small: route('openai', 'small'),
  claude: route('anthropic', 'claude'),
  mistral: route('mistral', 'mistral'),
  batch: route('openai', 'large', 'batch'),
};
const prices = {
  large: { input_usd_per_mtok: 2.5, output_usd_per_mtok: 10 },
  small: { input_usd_per_mtok: 0.15, output_usd_per_mtok: 0.6 },
  claude: { input_usd_per_mtok: 3, output_usd_per_mtok: 15 },
  mistral: { input_usd_per_mtok: 2, output_usd_per_mtok: 6 },
  batch: { input_usd_per_mtok: 1.25, output_usd_per_mtok: 5 },
};
const breaker = { failures: 50, rate: 0.5, window: '60 s' };
const fallback = { kind: 'fallback', first: 'large', to: ['claude', 'mistral'] };
const weighted = {
  kind: 'weighted',
  of: [
    { use: 'large', weight: 6 },
    { use: 'claude', weight: 3 },
    { use: 'mistral', weight: 1 },
  ],
};
const everything = {
  kind: 'batch',
  to: 'batch',
  deadlines: { digest: '30 hours' },
  otherwise: {
    kind: 'conditional',
    when: [
      { feature: 'escalation', use: { kind: 'cost_aware', of: ['large', 'claude', 'mistral'] } },
      {
        feature: ['chat', 'search'],
        prompt_tokens: { below: 400 },
        use: { kind: 'latency_aware', of: ['small', 'mistral'] },
      },
    ],
    else: {
      kind: 'budget_aware',
      within: {
        kind: 'smart',
        cheaper: 'small',
        simple: { prompt_tokens: { below: 1000 } },
        share: 0.5,
        otherwise: { kind: 'fallback', first: weighted, to: ['mistral'], same_seller: 'allow' },
      },
      above_soft: 'small',
    },
  },
};
const retries = { per_route: 2, base: '200 ms' };
const budgets = [
  { name: 'per user', per: 'user', period: 'day', soft: '4 USD', hard: '5 USD' },
  { name: 'all', period: 'month', hard: '100000 USD' },
];

const CASES = [
  ['single', { policy: 'large' }, 0],
  ['fallback', { policy: fallback }, 0],
  ['weighted, 3 routes', { policy: weighted }, 0],
  ['fallback + breaker', { policy: fallback, breaker }, 0],
  ['fallback + breaker + retries, 5 % fail', { policy: fallback, breaker, retries }, 0.05],
  ['all features', { policy: everything, breaker, retries, retry_budget: { capacity: 100 }, budgets }, 0],
  ['all features, 5 % fail', { policy: everything, breaker, retries, retry_budget: { capacity: 100 }, budgets }, 0.05],
];

const FEATURES = ['chat', 'search', 'escalation', 'digest', 'draft'];
const columns = (() => {
  const draw = substream(1, 'columns');
  const of = (make) => Float64Array.from({ length: REQUESTS }, make);
  return {
    feature: of(() => draw.integer(FEATURES.length)),
    user: of(() => 1 + draw.integer(10_000)),
    prompt: of(() => 50 + draw.integer(2000)),
    output: of(() => 20 + draw.integer(400)),
    luck: of(() => draw.uniform()),
  };
})();

function prepare([name, config, failing]) {
  const compiled = compileRouting(parseRouting(config), { routes, prices });
  const features = FEATURES.map((feature) => compiled.names.index('feature', feature));
  return { name, compiled, features, failing, times: [], attempts: 0, answered: 0 };
}

function run(one) {
  const { compiled, features, failing } = one;
  const state = createRoutingState(compiled);
  const cursor = new Cursor(compiled, state, substream(1, 'routing'), substream(1, 'jitter'));
  const request = createRequest(compiled.metadata.length);
  const [fine, bad] = [createResult(), createResult()];
  fine.latency_ms = 800;
  bad.result = failed('server_error');
  bad.status = 500;
  bad.cost_nano_usd = 0;
  const from = process.cpuUsage();
  let attempts = 0;
  let answered = 0;
  for (let i = 0, luck = 0; i < REQUESTS; i++) {
    let now_ms = 1_800_000_000_000 + i * 10;
    request.feature = features[columns.feature[i]];
    request.user = columns.user[i];
    request.prompt_tokens = columns.prompt[i];
    request.output_tokens = columns.output[i];
    cursor.begin(request, now_ms);
    for (let next = cursor.next(now_ms); next >= 0 || next === WAIT; next = cursor.next(now_ms)) {
      if (next === WAIT) {
        now_ms = cursor.not_before_ms;
        continue;
      }
      luck = luck + 1 === REQUESTS ? 0 : luck + 1;
      attempts++;
      cursor.report(columns.luck[luck] < failing ? bad : fine, now_ms);
    }
    if (cursor.outcome === ANSWERED) answered++;
  }
  one.attempts = attempts;
  one.answered = answered;
  const { user, system } = process.cpuUsage(from);
  return ((user + system) * 1000) / REQUESTS;
}

/** The same loop without a policy: what filling a request costs. */
function runBare() {
  const request = createRequest();
  const from = process.cpuUsage();
  let sum = 0;
  for (let i = 0; i < REQUESTS; i++) {
    request.feature = columns.feature[i];
    request.user = columns.user[i];
    request.prompt_tokens = columns.prompt[i];
    request.output_tokens = columns.output[i];
    sum += request.feature + request.user + request.prompt_tokens + request.output_tokens + columns.luck[i];
  }
  const { user, system } = process.cpuUsage(from);
  if (sum === 0) throw new Error('the columns are empty');
  return ((user + system) * 1000) / REQUESTS;
}

const cases = CASES.filter(([name]) => process.argv[4] === undefined || name === process.argv[4]).map(prepare);
const bare = [runBare()];
for (const one of cases) run(one);
for (let round = 0; round < ROUNDS; round++) {
  bare.push(runBare());
  for (const one of cases) one.times.push(run(one));
}
const cores = availableParallelism();
console.log(`${REQUESTS.toLocaleString('en-GB')} requests, ${ROUNDS} rounds; Node ${process.version}, ${cores} cores`);
const show = (name, times, said) => {
  times.sort((a, b) => a - b);
  const ns = times[Math.floor(times.length / 2)];
  const figures = `${ns.toFixed(0).padStart(5)} ns (${times[0].toFixed(0)} to ${times.at(-1).toFixed(0)})`;
  console.log(`${name.padEnd(40)} ${figures.padEnd(24)} ${said(ns)}`);
};
show('filling a request, no policy', bare, () => '');
for (const { name, times, attempts, answered } of cases)
  show(name, times, (ns) => {
    const share = ((100 * answered) / REQUESTS).toFixed(2);
    return `${(1000 / ns).toFixed(1)} M/s, ${(attempts / REQUESTS).toFixed(3)} attempts, ${share} % answered`;
  });
