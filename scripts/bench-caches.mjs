/**
 * How much processor time the caches of the replay take: per request of a response cache, per block of a prompt cache, per use
 * of a hit curve. Run after a build: `node scripts/bench-caches.mjs [requests]`.
 */
import { CachePipeline } from '../dist/replay/caches/cache-pipeline.js';
import { expectedLruHitShare, zipfPopularity } from '../dist/replay/caches/expected-hits.js';
import { hitsAt } from '../dist/replay/caches/hit-curve.js';
import { measurePromptCurve, measureResponseCurve } from '../dist/replay/caches/measure-curves.js';
import { PromptCache } from '../dist/replay/caches/prompt-cache.js';
import { ResponseCache } from '../dist/replay/caches/response-cache.js';

const REQUESTS = Number(process.argv[2] ?? 10_000_000);
const KEYS = 1_000_000;
const EXPONENT = 0.8;
const ROUNDS = 3;
const SESSIONS = 20_000;
const BLOCKS = 20;
const BLOCK_TOKENS = 512;

/** Numerical Recipes' generator of 32 bits, so that every run sees the same sequence. */
let state = 1;
const uniform = () => {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return (state >>> 0) / 2 ** 32;
};

const popularity = zipfPopularity(KEYS, EXPONENT);
const prompt = drawKeys();
const time_ms = Float64Array.from({ length: REQUESTS }, (_, i) => i * 8);
const none = new Uint32Array(REQUESTS);
const batch = {
  requests: REQUESTS,
  time_ms,
  tenant: none,
  prompt,
  scope: none,
  chains: none,
  chain_offset: none,
  chain_length: none,
  prompt_tokens: new Uint32Array(REQUESTS).fill(1000),
  output_tokens: new Uint32Array(REQUESTS).fill(200),
};

console.log(`${REQUESTS.toLocaleString('en-GB')} requests, ${KEYS.toLocaleString('en-GB')} keys, Zipf ${EXPONENT}`);

report('bare loop over the two columns', REQUESTS, () => {
  let bare = 0;
  for (let i = 0; i < REQUESTS; i++) bare += prompt[i] + time_ms[i];
  return `sum ${bare}`;
});
for (const [words, settings] of [
  ['unbounded, life 1 h from insertion', { life_ms: 3_600_000, life_from: 'insertion' }],
  ['100,000 entries (LRU)', { capacity_entries: 100_000, life_from: 'last_use' }],
  ['500,000 entries (LRU), life 1 h', { capacity_entries: 500_000, life_ms: 3_600_000, life_from: 'last_use' }],
])
  report(`response cache, ${words}`, REQUESTS, () => {
    const cache = new ResponseCache(settings);
    let hits = 0;
    for (let i = 0; i < REQUESTS; i++)
      if (cache.lookup(0, prompt[i], time_ms[i])) hits++;
      else cache.store(0, prompt[i], time_ms[i], 200);
    return `hits ${share(hits)}`;
  });
console.log(`  expected by Che for 100,000 entries: ${(100 * expectedLruHitShare(popularity, 100_000)).toFixed(2)} %`);

const edges = { capacities: [1000, 10_000, 100_000, Infinity], lives_ms: [300_000, 3_600_000, Infinity] };
report('hit curve of the response cache', REQUESTS, () => {
  const table = measureResponseCurve([batch], edges);
  return `hits at 100,000 entries ${share(hitsAt(table, 100_000, Infinity).requests)}`;
});

const turns = Math.floor(REQUESTS / BLOCKS);
const chained = chainedBatch();
const uses = turns * BLOCKS;
const prompts = {
  block_tokens: BLOCK_TOKENS,
  life_ms: 300_000,
  life_from: 'last_use',
  write_meter: 'cache_write_5m_tokens',
};
for (const [words, settings] of [
  ['unbounded', prompts],
  ['200,000 blocks (LRU)', { ...prompts, capacity_blocks: 200_000 }],
])
  report(`prompt cache per block, ${words}`, uses, () => {
    const cache = new PromptCache(settings);
    let read = 0;
    for (let i = 0; i < turns; i++) {
      cache.prompt(0, chained.chains, i * BLOCKS, BLOCKS, BLOCKS * BLOCK_TOKENS, chained.time_ms[i]);
      read += cache.read_tokens;
    }
    return `read ${((100 * read) / (uses * BLOCK_TOKENS)).toFixed(1)} %, ${cache.blocks} blocks held`;
  });
report('hit curve of the prompt cache per block', uses, () => {
  const { blocks } = hitsAt(measurePromptCurve([chained], { block_tokens: BLOCK_TOKENS }, edges), Infinity, 300_000);
  return `read ${((100 * blocks) / uses).toFixed(1)} % within five minutes`;
});
report('both caches per request, 20 blocks each', turns, () => {
  const pipeline = new CachePipeline({
    response: { capacity_entries: 100_000, life_ms: 3_600_000, life_from: 'insertion' },
    prompt: prompts,
  });
  let served = 0;
  for (let i = 0; i < turns; i++) {
    pipeline.take(chained, i);
    if (pipeline.served_from_response_cache) served++;
  }
  return `${served} answered without a seller`;
});
console.log(`memory at the end: ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB, columns included`);

/** Processor time of the fastest round: other work on the machine disturbs it least. */
function report(words, units, run) {
  const times = [];
  let told;
  for (let round = 0; round < ROUNDS; round++) {
    const from = process.cpuUsage();
    told = run();
    const { user, system } = process.cpuUsage(from);
    times.push(user + system);
  }
  const ns = (Math.min(...times) * 1000) / units;
  console.log(`${words}: ${ns.toFixed(1)} ns${told ? `; ${told}` : ''}`);
}

function share(hits) {
  return `${((100 * hits) / REQUESTS).toFixed(2)} %`;
}

/** Ids are scattered over the popular and the rare keys, as numbers given in order of first use would not be. */
function drawKeys() {
  const cumulative = new Float64Array(KEYS);
  let sum = 0;
  for (let i = 0; i < KEYS; i++) cumulative[i] = sum += popularity[i];
  return Int32Array.from({ length: REQUESTS }, () => {
    const u = uniform() * sum;
    let [low, high] = [0, KEYS - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] < u) low = middle + 1;
      else high = middle;
    }
    return Math.imul(low, 0x9e3779b1) & 0x7fffffff;
  });
}

/** Conversations of 20 blocks: the first 5 shared by all, the next ones of the session, the last ones new in each turn. */
function chainedBatch() {
  const chains = new Uint32Array(turns * BLOCKS);
  let fresh = 2 ** 31;
  for (let i = 0; i < turns; i++) {
    const session = Math.floor(uniform() * SESSIONS);
    for (let b = 0; b < BLOCKS; b++)
      chains[i * BLOCKS + b] = b < 5 ? b : b < 16 ? 1000 + session * BLOCKS + b : fresh++;
  }
  return {
    ...batch,
    requests: turns,
    chains,
    chain_offset: Uint32Array.from({ length: turns }, (_, i) => i * BLOCKS),
    chain_length: new Uint32Array(turns).fill(BLOCKS),
    prompt_tokens: new Uint32Array(turns).fill(BLOCKS * BLOCK_TOKENS),
  };
}
