/** Measurements by hand: a direct route and gateways, with the figures that a test is about and texts that must never be shown. */
import type {
  CheckId,
  Evidence,
  Figure,
  Finding,
  MeasuredTarget,
  Measurements,
} from '../../src/measurements/contract.ts';
import { COUNT_METERS } from '../../src/meters.ts';

export const CANARY = 'CANARY-7f3a';

export const target = (id: string, system: string, more: Partial<MeasuredTarget> = {}): MeasuredTarget => ({
  id,
  system,
  kind: 'managed_gateway',
  base_url: `https://${system}.example/v1`,
  api: 'openai',
  model: 'openai/gpt-4o-mini',
  priced_as: { seller: 'openai', model: 'gpt-4o-mini' },
  is_baseline: false,
  skipped: null,
  ...more,
});

export const DIRECT = target('openai/gpt-4o-mini', 'openai', {
  kind: 'direct',
  model: 'gpt-4o-mini',
  is_baseline: true,
});
export const GATEWAY = target('openrouter/openai/gpt-4o-mini', 'openrouter');

export const figure = (
  name: string,
  value: number | null,
  interval?: readonly [low: number, high: number],
  samples = 20,
): Figure => ({
  name,
  unit: name.endsWith('_ms') ? 'ms' : 'fraction',
  value,
  interval: interval === undefined ? null : { low: interval[0], high: interval[1], level: 0.95 },
  samples,
  how: `${CANARY} how`,
});

export const finding = (
  of: string,
  check: CheckId,
  figures: readonly Figure[],
  verdict: Finding['verdict'] = 'pass',
): Finding => ({
  target: of,
  check,
  verdict,
  required: false,
  seen: `${CANARY} seen`,
  figures: [...figures],
  evidence: [],
});

export const exchange = (id: string, of: string, more: Partial<Evidence> = {}): Evidence => ({
  id,
  target: of,
  check: 'latency',
  round: 0,
  started_at: '2026-11-21T10:00:00Z',
  operation: 'chat',
  is_stream: true,
  status: 200,
  end: 'whole',
  first_byte_ms: 300,
  first_token_ms: 300,
  total_ms: 900,
  largest_gap_ms: 20,
  events: 12,
  counts: Object.fromEntries(COUNT_METERS.map((meter) => [meter, 0])) as Evidence['counts'],
  model: `${CANARY} model`,
  request_id: `${CANARY} id`,
  reported_usd: null,
  computed_usd: null,
  headers: { 'x-canary': CANARY },
  request: `${CANARY} request`,
  answer: `${CANARY} answer`,
  ...more,
});

export const measurementsOf = (
  targets: readonly MeasuredTarget[],
  findings: readonly Finding[],
  more: Partial<Measurements> = {},
): Measurements => ({
  format: 'tollgate-measurements',
  version: 1,
  simulated: false,
  complete: true,
  started_at: '2026-11-21T10:00:00Z',
  ended_at: '2026-11-21T10:05:00Z',
  tollgate: '0.1.0',
  node: '20.19.0',
  seed: 1,
  rounds: 20,
  cap_usd: 0.5,
  spent: { usd: 0.01, at_most_usd: 0.01 },
  price_book_sha256: 'f'.repeat(64),
  prices: [],
  targets: [...targets],
  findings: [...findings],
  evidence: [],
  ...more,
});
