/**
 * What draws cost on one core: processor time (user and system, of the whole process, so collection of garbage and
 * compilation count) of 10,000 draws of 36 months, 5 strategies and 12 models, and of Sobol' indices of 20 inputs from 4,096
 * base draws. Run after a build: `node scripts/bench-uncertainty.mjs [draws] [rounds]`.
 *
 * Beside it, in the same run, a loop written out by hand that does the same arithmetic: every price of every model and
 * strategy is multiplied in every month of every draw, discounted and summed up per strategy, and the costs of each draw and
 * the cumulative costs of each month are kept; no interpreter, no line items. Both are checked to give the same costs. The
 * steps take turns in each round, so that what else the machine does meets them alike; each figure is the median over
 * rounds, the first of which warms up and does not count. Prices differ between strategies, so that nothing is shared.
 */
import { loadavg } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const DRAWS = Number(process.argv[2] ?? 10_000);
const ROUNDS = Number(process.argv[3] ?? 5);
const [MONTHS, STRATEGIES, MODELS, BASE_DRAWS] = [36, 5, 12, 4096];
const DIST = path.resolve(process.env.DIST ?? path.join(import.meta.dirname, '../dist'));
const load = (file) => import(pathToFileURL(path.join(DIST, file)).href);
const [
  { Sheet },
  { Machine },
  { drawInputs },
  { drawCosts },
  { uncertaintyOf },
  { sobolOfModel },
  { summarise },
  { appraise },
  { percentilesOf },
] = await Promise.all(
  [
    'model/sheet.js',
    'model/machine.js',
    'sampling/draws.js',
    'uncertainty/draw-costs.js',
    'uncertainty/uncertainty-of.js',
    'uncertainty/sobol-of-model.js',
    'decision/summary.js',
    'appraise.js',
    'uncertainty/percentiles.js',
  ].map(load),
);

const range = (n) => Array.from({ length: n }, (_, i) => i);
const METERS = ['input', 'output'];
const tokensOf = (model, meter) => 1e8 * (1 + model) * (meter === 0 ? 1 : 0.2);
const priceOf = (strategy, model, meter) => (0.4 + model / 3) * (meter === 0 ? 1 : 4) * (1 + strategy / 40);

/**
 * Inputs: windows a month and their growth, the size of each model's traffic, the rate of discount, hours of work and their
 * rate: 17; prices are facts. With `more`, the second strategy has so many running costs, each an input of its own.
 */
function modelOf(more = 0) {
  const sheet = new Sheet(MONTHS);
  const input = (name, spec, central) =>
    sheet.input({ path: name, unit: '1', source: 'bench', as_of: undefined, spec, central, given: true });
  const month = sheet.series(range(MONTHS), '1', 'month');
  const growth = input('growth', { is: 'normal', p5: 0, p95: 0.06 }, 0.03);
  const windows = sheet.derive('windows_per_month * (1 + growth) ^ month', {
    windows_per_month: input('windows', { is: 'lognormal', p5: 3, p95: 5 }, 4),
    growth,
    month,
  });
  const rate = input('discount', { is: 'uniform', min: 0.04, max: 0.12 }, 0.08);
  sheet.model.discount = sheet.derive('(1 + rate) ^ (0 - (month + 1) / 12)', { rate, month }).ref;
  const tokens = range(MODELS).map((model) => {
    const size = input(`size ${model}`, { is: 'lognormal', p5: 0.7, p95: 1.4 }, 1);
    return METERS.map((_, meter) =>
      sheet.derive('window_tokens * size', { window_tokens: sheet.number(tokensOf(model, meter)), size }),
    );
  });
  const hours = input('hours', { is: 'pert', min: 2, mode: 6, max: 30 }, 9);
  const hourly = input('hourly', { is: 'lognormal', p5: 70, p95: 130 }, 97);
  for (const strategy of range(STRATEGIES)) {
    const line = { component: 'token_charges', cash: true, timing: 'monthly' };
    const lines = range(MODELS).flatMap((model) =>
      METERS.map((meter, m) =>
        sheet.line({
          ...line,
          label: `${meter} of ${model}`,
          formula: 'window_tokens * windows * usd_per_mtok / 1000000',
          inputs: {
            window_tokens: tokens[model][m],
            windows,
            usd_per_mtok: sheet.number(priceOf(strategy, model, m)),
          },
        }),
      ),
    );
    const built = sheet.number(3 * strategy);
    const build = { ...line, timing: 'start', label: 'build', formula: 'built * hours * rate' };
    lines.push(sheet.line({ ...build, inputs: { built, hours, rate: hourly } }));
    for (const kind of range(strategy === 1 ? more : 0)) {
      const usd = input(`running ${kind}`, { is: 'uniform', min: 100, max: 300 }, 200);
      lines.push(sheet.line({ ...line, label: 'running', formula: 'usd', inputs: { usd } }));
    }
    sheet.strategy(
      `strategy ${strategy}`,
      lines.map(({ index }) => index),
    );
  }
  return sheet.model;
}

/** The same by hand. Columns by name; gives costs per strategy, and cumulative ones per strategy and month. */
function byHand(columns, n) {
  const npv = range(STRATEGIES).map(() => new Float64Array(n));
  const cumulative = range(STRATEGIES).map(() => range(MONTHS).map(() => new Float64Array(n)));
  const prices = range(STRATEGIES).map((s) =>
    Float64Array.from({ length: MODELS * 2 }, (_, i) => priceOf(s, i >> 1, i & 1)),
  );
  const facts = Float64Array.from({ length: MODELS * 2 }, (_, i) => tokensOf(i >> 1, i & 1));
  const sizes = range(MODELS).map((model) => columns.get(`size ${model}`));
  const [growth, windows, rate] = ['growth', 'windows', 'discount'].map((name) => columns.get(name));
  const [hours, hourly] = ['hours', 'hourly'].map((name) => columns.get(name));
  const window_tokens = new Float64Array(MODELS * 2);
  const used = new Float64Array(MODELS * 2);
  const sum = new Float64Array(STRATEGIES);
  for (let d = 0; d < n; d++) {
    for (let i = 0; i < MODELS * 2; i++) window_tokens[i] = facts[i] * sizes[i >> 1][d];
    for (let s = 0; s < STRATEGIES; s++) {
      sum[s] = 3 * s * hours[d] * hourly[d];
      npv[s][d] = sum[s];
    }
    for (let m = 0; m < MONTHS; m++) {
      const windows_m = windows[d] * (1 + growth[d]) ** m;
      const worth = (1 + rate[d]) ** (0 - (m + 1) / 12);
      for (let i = 0; i < MODELS * 2; i++) used[i] = window_tokens[i] * windows_m;
      for (let s = 0; s < STRATEGIES; s++) {
        const price = prices[s];
        let usd = 0;
        for (let i = 0; i < MODELS * 2; i++) usd += (used[i] * price[i]) / 1000000;
        npv[s][d] += usd * worth;
        sum[s] += usd;
        cumulative[s][m][d] = sum[s];
      }
    }
  }
  return { npv, cumulative };
}

const model = modelOf();
const ids = model.strategies.map(({ id }) => id);
const all = range(STRATEGIES);
const SEED = 1;
const sampling = { draws: DRAWS, method: 'latin-hypercube', seed: SEED, correlations: [], pools: new Map() };
const contest = { ranked: ids, baseline: ids[0], recommended: undefined, versus: undefined };
const sample = () => drawInputs({ inputs: model.inputs, n: DRAWS, seed: SEED }).values;
const values = sample();
const columns = new Map(model.inputs.map(({ path: name }, i) => [name, values[i]]));
const inputs = values.map((column, slot) => ({ slot, values: column }));
const block = () => drawCosts(model, all, { draws: DRAWS, inputs, worlds: [] });

const drawn = block();
const hand = byHand(columns, DRAWS);
for (const s of all)
  for (let d = 0; d < DRAWS; d++) {
    const pairs = [
      [drawn.npv_usd[s][d], hand.npv[s][d]],
      [drawn.cumulative_usd[s][MONTHS - 1][d], hand.cumulative[s][MONTHS - 1][d]],
    ];
    for (const [ours, theirs] of pairs)
      if (Math.abs(ours / theirs - 1) > 1e-12) throw new Error(`draw ${d} of ${ids[s]}: ${ours} against ${theirs}`);
  }

/** As the present machine does it, draw by draw, without cumulative costs. */
function oneByOne() {
  const machine = new Machine(
    model,
    model.inputs.map((_, slot) => slot),
  );
  const out = new Float64Array(STRATEGIES);
  let total = 0;
  for (let d = 0; d < DRAWS; d++) {
    for (const { slot, values: column } of inputs) machine.set(slot, column[d]);
    machine.run();
    appraise(machine, out);
    total += out[0];
  }
  return total;
}

const LOOP = 'the same arithmetic by hand';
const steps = [
  [LOOP, () => byHand(columns, DRAWS)],
  ['inputs drawn', sample],
  ['costs of all draws, in blocks', block],
  ['the same by a machine, draw by draw', oneByOne],
  ['costs, summaries and percentiles, inputs drawn', () => percentiles()],
  ['everything that a report says of it', () => uncertaintyOf(model, contest, sampling)],
];

/** Draws, costs, a summary of each strategy, and P5, P50 and P95 of each cumulative difference by month. */
function percentiles() {
  const own = sample().map((column, slot) => ({ slot, values: column }));
  const { npv_usd, cumulative_usd } = drawCosts(model, all, { draws: DRAWS, inputs: own, worlds: [] });
  const summaries = npv_usd.map(summarise);
  for (const s of all.slice(1))
    for (let m = 0; m < MONTHS; m++)
      percentilesOf(cumulative_usd[s][m].map((cost, d) => cost - cumulative_usd[0][m][d]));
  return summaries;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const timed = (work) => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};
const times = steps.map(() => []);
for (let round = 0; round <= ROUNDS; round++)
  steps.forEach(([, work], i) => {
    const ms = timed(work);
    if (round > 0) times[i].push(ms);
  });
const count = (n) => n.toLocaleString('en-GB');
console.log(
  `${count(DRAWS)} draws, ${MONTHS} months, ${STRATEGIES} strategies, ${MODELS} models: ` +
    `${count(DRAWS * MONTHS * STRATEGIES * MODELS)} cells; load ${loadavg()[0].toFixed(1)}`,
);
steps.forEach(([words], i) => {
  const ratio = median(times[i].map((ms, round) => ms / times[0][round]));
  console.log(
    `${words.padEnd(50)} ${median(times[i]).toFixed(0).padStart(6)} ms  ${ratio.toFixed(2).padStart(6)} x loop`,
  );
});

const twenty = modelOf(3);
const indices = [];
const plain = [];
for (let round = 0; round <= Math.min(ROUNDS, 3); round++) {
  let evaluations = 0;
  const ms = timed(() => {
    evaluations = sobolOfModel(twenty, {
      pair: [ids[0], ids[1]],
      base_draws: BASE_DRAWS,
      seed: SEED,
      correlations: [],
      pools: new Map(),
    }).found.evaluations;
  });
  const loop = timed(() => {
    for (let done = 0; done < evaluations; done += DRAWS) byHand(columns, Math.min(DRAWS, evaluations - done));
  });
  if (round === 0)
    console.log(
      `\nSobol' indices of ${twenty.inputs.length} inputs, N = ${count(BASE_DRAWS)}: ${count(evaluations)} evaluations`,
    );
  else {
    indices.push(ms);
    plain.push(ms / loop);
  }
}
console.log(
  `${'indices with intervals'.padEnd(50)} ${median(indices).toFixed(0).padStart(6)} ms  ${median(plain).toFixed(2).padStart(6)} x loop of all five strategies`,
);
