/**
 * What is measured in every round, each a job of the load generator, and once at the end, for memory. The model's name says
 * what the seller does (seller-answers.mjs).
 */
export const MEASURES = [
  {
    id: 'json_32',
    words: 'JSON, seller answers at once; closed loop, 32 clients',
    job: { load: 'closed', clients: 32, model: 'm-0' },
    shown: ['per_s', 'cpu_us', 'busy', 'p50_ms', 'p99_ms'],
  },
  {
    id: 'json_1',
    words: 'JSON, seller answers at once; closed loop, 1 client',
    job: { load: 'closed', clients: 1, model: 'm-0' },
    shown: ['p50_ms', 'p99_ms'],
  },
  {
    id: 'open_200',
    words: 'JSON, seller answers after 50 ms; open loop, 200 a second, counted from when each was due',
    job: { load: 'open', per_s: 200, model: 'm-50' },
    shown: ['p50_ms', 'p99_ms', 'cpu_us'],
  },
  {
    id: 'open_1000',
    words: 'JSON, seller answers after 50 ms; open loop, 1,000 a second, counted from when each was due',
    job: { load: 'open', per_s: 1000, model: 'm-50' },
    shown: ['p50_ms', 'p99_ms', 'cpu_us', 'unanswered'],
  },
  {
    id: 'stream_20',
    words: 'streams of 21 chunks 20 ms apart; closed loop, 8 clients',
    job: { load: 'closed', clients: 8, stagger_ms: 52, model: 's-20', isStream: true },
    shown: ['first_p50_ms', 'p50_ms'],
  },
  {
    id: 'stream_0',
    words: 'streams of 21 chunks without a gap; closed loop, 8 clients',
    job: { load: 'closed', clients: 8, model: 's-0', isStream: true },
    shown: ['per_s', 'cpu_us', 'busy', 'first_p50_ms'],
  },
];

/** Before the first round, so that what is measured is compiled: so many requests, or as many as there are in so long. */
export const WARM_UP = [
  { load: 'closed', clients: 32, model: 'm-0', most: 2000, lead_in_ms: 0, duration_ms: 15_000 },
  { load: 'closed', clients: 8, model: 's-0', isStream: true, most: 250, lead_in_ms: 0, duration_ms: 6000 },
];

const BIG = 'big-256';
const HELD = 's-100';

export const MEMORY = [
  {
    id: 'stalled',
    words: 'one client that reads nothing of a stream of 256 MiB, 5 s',
    job: { load: 'stalled', model: BIG, isStream: true, stall_ms: 5000 },
    isTogether: true,
  },
  {
    id: 'open_streams',
    words: '1,000 open streams of 21 chunks 100 ms apart',
    job: { load: 'many', model: HELD, isStream: true, streams: 1000 },
  },
];

export const MODELS = [...new Set([...MEASURES, ...MEMORY].map(({ job }) => job.model))];
