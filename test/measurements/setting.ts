/** Measurements of a run over direct and two gateways, 20 rounds, and a fourth target that was skipped; all of it seeded. */
import {
  CHECKS,
  type CheckId,
  type Evidence,
  type Figure,
  type Finding,
  type MeasuredTarget,
  type Measurements,
} from '../../src/measurements/contract.ts';
import { NO_COUNTS } from '../../src/meters.ts';
import { type Random, substream } from '../../src/random.ts';

const STARTED_MS = Date.parse('2026-11-21T10:00:00.000Z');
const { requests: _requests, ...NO_USAGE } = NO_COUNTS as Record<string, number>;

export const target = (id: string, own: Partial<MeasuredTarget> = {}): MeasuredTarget => ({
  id,
  system: id,
  kind: 'managed_gateway',
  base_url: `https://${id}.example/v1`,
  api: 'openai',
  model: 'gpt-4o-mini',
  priced_as: { seller: 'openai', model: 'gpt-4o-mini' },
  is_baseline: false,
  skipped: null,
  ...own,
});

let next = 1;
export const exchange = (of: string, check: CheckId, own: Partial<Evidence> = {}): Evidence => ({
  id: `${of}-${next++}`,
  target: of,
  check,
  round: null,
  started_at: new Date(STARTED_MS).toISOString(),
  operation: 'chat',
  is_stream: false,
  status: 200,
  end: 'whole',
  first_byte_ms: 200,
  first_token_ms: null,
  total_ms: 500,
  largest_gap_ms: null,
  events: 0,
  counts: { ...NO_USAGE, input_tokens: 20, output_tokens: 10 } as Evidence['counts'],
  model: 'gpt-4o-mini-2024-07-18',
  request_id: 'req-1',
  reported_usd: null,
  computed_usd: 0.00001,
  headers: { 'content-type': 'application/json' },
  request: '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"[12 characters]"}]}',
  answer: '{"choices":[{"message":{"content":"[5 characters]"}}]}',
  ...own,
});

export const finding = (of: string, check: CheckId, own: Partial<Finding> = {}): Finding => ({
  target: of,
  check,
  verdict: 'pass',
  required: ['reachable', 'streaming', 'error_shape'].includes(check),
  seen: `${check.replaceAll('_', ' ')} as expected`,
  figures: [],
  evidence: [],
  ...own,
});

export const figure = (name: string, unit: string, value: number, own: Partial<Figure> = {}): Figure => ({
  name,
  unit,
  value,
  interval: null,
  samples: 20,
  how: 'stated by the test',
  ...own,
});

export interface Behaviour {
  readonly hop_ms: number;
  readonly markup: number | undefined;
  readonly tokens_ratio: number;
  readonly cached_tokens: number;
  readonly error_members: readonly string[];
  /** Rounds whose call fails. */
  readonly failing: readonly number[];
}

const DIRECT: Behaviour = {
  hop_ms: 0,
  markup: undefined,
  tokens_ratio: 1,
  cached_tokens: 1408,
  error_members: ['message', 'type', 'param', 'code'],
  failing: [],
};

/** One target's evidence: rounds of latency, prompts of known length, a cached prefix, costs, three refusals. */
export function evidenceOf(of: string, own: Partial<Behaviour>, rounds: number, random: Random): Evidence[] {
  const { hop_ms, markup, tokens_ratio, cached_tokens, error_members, failing } = { ...DIRECT, ...own };
  const at = (second: number): string => new Date(STARTED_MS + second * 1000).toISOString();
  const counts = (input: number, cached: number): Evidence['counts'] =>
    ({
      ...NO_USAGE,
      input_tokens: Math.round(input * tokens_ratio) - cached,
      cache_read_tokens: cached,
      output_tokens: 10,
    }) as Evidence['counts'];
  const latency = Array.from({ length: rounds }, (_, round) => {
    const slow = 1 + 0.6 * Math.exp(-(((round - 12) / 2) ** 2));
    const first = 210 * slow * Math.exp(0.04 * random.normal()) + (hop_ms === 0 ? 0 : hop_ms + 4 * random.normal());
    const total = first + 480 * Math.exp(0.03 * random.normal());
    return exchange(of, 'latency', {
      round,
      started_at: at(10 + round * 3),
      is_stream: true,
      events: 24,
      first_byte_ms: first - 3,
      first_token_ms: first,
      total_ms: total,
      largest_gap_ms: 31,
      headers: { 'content-type': 'text/event-stream' },
      ...(failing.includes(round) ? { status: 502, first_token_ms: null, events: 0, counts: null } : {}),
    });
  });
  const usage = [120, 340, 95].map((input, round) =>
    exchange(of, 'usage_accounting', { round, started_at: at(100 + round), counts: counts(input, 0) }),
  );
  const cached = [0, cached_tokens].map((tokens, i) =>
    exchange(of, 'prompt_cache', { started_at: at(110 + i), counts: counts(1600, tokens) }),
  );
  const costs = [0.00012, 0.0003, 0.000045].map((computed_usd, i) =>
    exchange(of, 'cost_reported', {
      started_at: at(120 + i),
      computed_usd,
      reported_usd: markup === undefined ? null : computed_usd * (1 + markup),
    }),
  );
  const error = (message: string): string =>
    JSON.stringify({
      error: Object.fromEntries(error_members.map((name) => [name, name === 'message' ? message : null])),
    });
  const refused = (second: number, status: number, request: string, message: string): Evidence =>
    exchange(of, 'error_shape', {
      started_at: at(second),
      status,
      request,
      answer: error(message),
      counts: null,
      total_ms: 90,
    });
  return [
    ...latency,
    ...usage,
    ...cached,
    ...costs,
    refused(
      130,
      401,
      `{"model":"${of === 'openrouter' ? 'openai/' : ''}gpt-4o-mini","messages":[]}`,
      'Incorrect API key provided',
    ),
    refused(131, 404, '{"model":"no-such-model","messages":[]}', 'The model does not exist'),
    refused(132, 400, '{"model":', 'We could not parse the JSON body of your request'),
  ];
}

const idsOf = (evidence: readonly Evidence[], of: string, check: CheckId): string[] =>
  evidence.filter((one) => one.target === of && one.check === check).map(({ id }) => id);

const NOT_BY_DEFAULT: readonly CheckId[] = ['images', 'too_long_prompt'];

export function findingsOf(
  of: string,
  evidence: readonly Evidence[],
  own: Partial<Record<CheckId, Partial<Finding>>> = {},
): Finding[] {
  return CHECKS.filter((check) => !NOT_BY_DEFAULT.includes(check)).map((check) =>
    finding(of, check, { evidence: idsOf(evidence, of, check), ...own[check] }),
  );
}

export const GATEWAYS: Readonly<Record<string, Partial<Behaviour>>> = {
  direct: {},
  openrouter: { hop_ms: 38, markup: 0.055, error_members: ['message', 'code'] },
  litellm: { hop_ms: 11, tokens_ratio: 1.1, cached_tokens: 0, failing: [4] },
};

export function measured(own: Partial<Measurements> = {}, rounds = 20): Measurements {
  next = 1;
  const targets = [
    target('direct', { system: 'openai', kind: 'direct', is_baseline: true }),
    target('openrouter', { model: 'openai/gpt-4o-mini' }),
    target('litellm', { kind: 'self_hosted_gateway', base_url: 'http://127.0.0.1:4000/v1' }),
    target('portkey', { skipped: 'the environment variable PORTKEY_API_KEY is not set' }),
  ];
  const evidence = Object.entries(GATEWAYS).flatMap(([of, behaviour]) =>
    evidenceOf(of, behaviour, rounds, substream(7, of)),
  );
  return {
    format: 'tollgate-measurements',
    version: 1,
    simulated: false,
    complete: true,
    started_at: new Date(STARTED_MS).toISOString(),
    ended_at: new Date(STARTED_MS + 142_000).toISOString(),
    tollgate: '0.9.0',
    node: 'v20.19.0',
    seed: 1,
    rounds,
    cap_usd: 0.5,
    spent: { usd: 0.00713, at_most_usd: 0.00913 },
    price_book_sha256: 'ab'.repeat(32),
    prices: [
      { seller: 'openai', model: 'gpt-4o-mini', as_of: '2026-11-01', age_days: 20, source: 'https://openai.example' },
    ],
    targets,
    findings: [
      ...findingsOf('direct', evidence, {
        cost_reported: { verdict: 'not_supported', seen: 'answers tell no cost' },
        attribution: { verdict: 'not_supported', seen: 'no answer shows the user that was sent' },
      }),
      ...findingsOf('openrouter', evidence, {
        error_shape: {
          verdict: 'fail',
          seen: 'a wrong key gives 401 without error.type; expected message, type and code',
        },
        idempotent_retries: { verdict: 'not_supported', seen: 'the key is not honoured: two answers differ' },
      }),
      ...findingsOf('litellm', evidence, {
        usage_accounting: {
          verdict: 'fail',
          seen: '611 prompt tokens billed where direct bills 555; expected the same',
        },
        prompt_cache: { verdict: 'fail', seen: 'no token was read from cache; direct read 1408' },
        cost_reported: { verdict: 'not_supported', seen: 'answers tell no cost' },
        images: { verdict: 'not_run', seen: 'interrupted' },
        quota_burn: { verdict: 'not_run', seen: 'a call of up to 0.002 USD does not fit under what is left' },
      }),
    ],
    evidence,
    ...own,
  };
}

export const HOSTILE = '<script>alert(1)</script>|`x`\u001b[31m\u202e\u2028evil [a](javascript:1)\n# head';

/** Hostile text wherever a seller or a file can put some. */
export function hostile(): Measurements {
  const found = measured();
  return {
    ...found,
    tollgate: HOSTILE,
    node: HOSTILE,
    price_book_sha256: HOSTILE,
    prices: [{ seller: HOSTILE, model: HOSTILE, as_of: null, age_days: null, source: HOSTILE }],
    targets: found.targets.map((one) => ({
      ...one,
      id: `${one.id}${HOSTILE}`,
      system: HOSTILE,
      base_url: HOSTILE,
      model: HOSTILE,
      priced_as: { seller: HOSTILE, model: HOSTILE },
      skipped: one.skipped === null ? null : HOSTILE,
    })),
    findings: found.findings.map((one) => ({
      ...one,
      target: `${one.target}${HOSTILE}`,
      seen: HOSTILE,
      figures: [figure('added_first_token_ms', HOSTILE, 3, { how: HOSTILE })],
    })),
    evidence: found.evidence.map((one) => ({
      ...one,
      target: `${one.target}${HOSTILE}`,
      operation: HOSTILE,
      model: HOSTILE,
      request_id: HOSTILE,
      headers: { 'content-type': HOSTILE },
      request: HOSTILE,
      answer: one.check === 'error_shape' ? JSON.stringify({ error: { [HOSTILE]: HOSTILE } }) : HOSTILE,
    })),
  };
}
