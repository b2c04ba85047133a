import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ReadFamily, readExposition } from './exposition.ts';
import { ANSWER, ANSWER_USD, ask, CHAT, KEY, ROUTES, sha256, startRouter, type TestRouter } from './setting.ts';
import { json, TestUpstream } from './upstream.ts';

let upstream: TestUpstream;
let router: TestRouter;

const clients = [{ name: 'web', key_sha256: sha256(KEY), team: 'shop' }];

beforeAll(async () => {
  upstream = await new TestUpstream().listen();
  router = await startRouter({
    routes: { a: ROUTES.a },
    routing: {
      policy: { kind: 'single' },
      retries: { per_route: 1, base: '1 ms' },
      breaker: { failures: 3 },
      budgets: [{ name: 'day "1"\\', period: 'day', hard: 1 }],
    },
    upstreams: { alpha: { base_url: upstream.base_url } },
    clients,
    cache: {},
    log: { dir: 'log', flush: '10 minutes' },
  });
});

afterAll(async () => {
  await router.router.close();
  await upstream.close();
});

const metrics = async (): Promise<Map<string, ReadFamily>> => {
  const response = await fetch(`${router.url}/metrics`);
  expect(response.headers.get('content-type')).toContain('version=0.0.4');
  return readExposition(await response.text());
};

test('metrics say what was done, in the names of OpenTelemetry and with labels of the configuration alone', async () => {
  upstream.script(json({ error: { message: 'x' } }, 503), json(ANSWER));
  await ask(router, { ...CHAT, user: 'somebody', metadata: { feature: 'secret-feature', team: 'else' } });
  await router.entry();
  await ask(router, { ...CHAT, user: 'somebody', metadata: { feature: 'secret-feature', team: 'else' } });
  await router.entry(2);
  await ask(router, CHAT, { headers: { authorization: 'Bearer nobody' } });
  await ask(router, { ...CHAT, model: 'made-up-name' });
  const families = await metrics();
  const found = new Map<string, number>();
  for (const { samples } of families.values())
    for (const { name, labels, value } of samples)
      found.set(`${name} ${Object.values(labels).join(' ')}`.trim(), value);
  const expected: Record<string, number> = {
    'tollgate_attempts_total a overloaded 503 refused': 1,
    'tollgate_attempts_total a answered 200 billed': 1,
    'tollgate_requests_total chat web shop answered': 1,
    'tollgate_requests_total chat web shop cached': 1,
    'tollgate_turned_away_total invalid_api_key': 1,
    'tollgate_turned_away_total model_not_found': 1,
    'gen_ai_client_token_usage_sum chat alpha m input': 1000,
    'gen_ai_client_token_usage_count chat alpha m input': 1,
    'gen_ai_client_token_usage_bucket chat alpha m input 256': 0,
    'gen_ai_client_token_usage_bucket chat alpha m input 1024': 1,
    'gen_ai_client_token_usage_sum chat alpha m output': 200,
    'gen_ai_client_operation_duration_seconds_count chat alpha m': 1,
    'gen_ai_client_operation_duration_seconds_count chat alpha m overloaded': 1,
    'gen_ai_server_request_duration_seconds_count chat alpha a': 2,
    'gen_ai_server_time_to_first_token_seconds_count chat alpha a': 1,
    'tollgate_overhead_seconds_count chat': 2,
    'tollgate_breaker_state a closed': 1,
    'tollgate_breaker_state a open': 0,
    'tollgate_usage_total a input_tokens': 1000,
    'tollgate_cost_usd_total a exact': ANSWER_USD,
    'tollgate_client_cost_usd_total web shop': ANSWER_USD,
    'tollgate_budget_usd day "1"\\ spent': ANSWER_USD,
    'tollgate_budget_usd day "1"\\ reserved': 0,
    'tollgate_budget_usd day "1"\\ left': 1 - ANSWER_USD,
    'tollgate_cache_lookups_total hit': 1,
    'tollgate_cache_lookups_total miss': 1,
    tollgate_cache_entries: 1,
    tollgate_log_waiting_lines: 3,
    tollgate_log_dropped_lines_total: 0,
  };
  expect(Object.fromEntries(Object.keys(expected).map((key) => [key, found.get(key)]))).toEqual(expected);
  expect(found.get('tollgate_log_lag_seconds')).toBeGreaterThan(0);
  const said = JSON.stringify([...families]);
  for (const word of ['somebody', 'secret-feature', 'else', 'made-up-name', KEY]) expect(said).not.toContain(word);
});

/** opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics: metric, instrument, unit, boundaries. */
const CONVENTIONS = [
  ['gen_ai.client.token.usage', '', 4 ** 13],
  ['gen_ai.client.operation.duration', '_seconds', 81.92],
  ['gen_ai.server.request.duration', '_seconds', 81.92],
  ['gen_ai.server.time_to_first_token', '_seconds', 81.92],
] as const;

test('every gen_ai metric is one of the conventions, a histogram, with what they require of labels', async () => {
  const families = await metrics();
  const own = [...families.keys()].filter((name) => name.startsWith('gen_ai_'));
  expect(own.sort()).toEqual(CONVENTIONS.map(([name, unit]) => name.replaceAll('.', '_') + unit).sort());
  for (const [name, unit, last] of CONVENTIONS) {
    const { type, samples } = families.get(name.replaceAll('.', '_') + unit)!;
    expect(type).toBe('histogram');
    expect(samples.length).toBeGreaterThan(0);
    for (const { labels } of samples) {
      expect(labels).toMatchObject({ gen_ai_operation_name: 'chat', gen_ai_provider_name: 'alpha' });
      expect(labels).toHaveProperty('gen_ai_request_model');
    }
    expect(Math.max(...samples.map(({ labels }) => Number(labels.le)).filter(Number.isFinite))).toBe(last);
  }
  const types = families.get('gen_ai_client_token_usage')!.samples.map(({ labels }) => labels.gen_ai_token_type);
  expect([...new Set(types)].sort()).toEqual(['input', 'output']);
});

test.each([
  ['no type', 'x 1\n'],
  ['a label that ends nowhere', '# HELP x y\n# TYPE x gauge\nx{a="b} 1\n'],
  ['an escape that is none', '# HELP x y\n# TYPE x gauge\nx{a="\\b"} 1\n'],
  ['a series twice', '# HELP x y\n# TYPE x gauge\nx 1\nx 1\n'],
  [
    'buckets that fall',
    '# HELP h y\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
  ],
  ['no infinite bucket', '# HELP h y\n# TYPE h histogram\nh_bucket{le="1"} 1\nh_sum 1\nh_count 1\n'],
])('the reader refuses %s', (_, text) => {
  expect(() => readExposition(text)).toThrow();
});
