import { afterAll, beforeAll, expect, test } from 'vitest';
import { ANSWER, ANSWER_USD, ask, CHAT, ROUTES, startRouter, type TestRouter } from './setting.ts';
import { json, TestUpstream } from './upstream.ts';

let upstream: TestUpstream;
let router: TestRouter;

beforeAll(async () => {
  upstream = await new TestUpstream().listen();
  router = await startRouter({
    routes: { a: ROUTES.a },
    routing: {
      policy: { kind: 'single' },
      retries: { per_route: 1, base: '1 ms' },
      breaker: { failures: 3 },
      budgets: [{ name: 'day "1"', period: 'day', hard: 1 }],
    },
    upstreams: { alpha: { base_url: upstream.base_url } },
  });
});

afterAll(async () => {
  await router.router.close();
  await upstream.close();
});

test('metrics say what was done, in the names of OpenTelemetry and with labels of the configuration alone', async () => {
  upstream.script(json({ error: { message: 'x' } }, 503), json(ANSWER));
  await ask(router, { ...CHAT, user: 'somebody' });
  await router.entry();
  const response = await fetch(`${router.url}/metrics`);
  const text = await response.text();
  expect(response.headers.get('content-type')).toContain('version=0.0.4');
  for (const line of [
    'tollgate_attempts_total{route="a",result="overloaded",status="503",billing="refused"} 1',
    'tollgate_attempts_total{route="a",result="answered",status="200",billing="billed"} 1',
    'tollgate_requests_total{gen_ai_operation_name="chat",outcome="answered"} 1',
    'gen_ai_client_token_usage_total{gen_ai_operation_name="chat",route="a",gen_ai_token_type="input"} 1000',
    'gen_ai_client_token_usage_total{gen_ai_operation_name="chat",route="a",gen_ai_token_type="output"} 200',
    'gen_ai_client_operation_duration_seconds_count{gen_ai_operation_name="chat",outcome="answered"} 1',
    'tollgate_overhead_seconds_count{gen_ai_operation_name="chat"} 1',
    'tollgate_breaker_state{route="a",state="closed"} 1',
    `tollgate_cost_usd_total{route="a",status="exact"} ${ANSWER_USD}`,
    `tollgate_budget_usd{budget="day \\"1\\"",state="spent"} ${ANSWER_USD}`,
    'tollgate_budget_usd{budget="day \\"1\\"",state="reserved"} 0',
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).not.toContain('somebody');
  const sample = /^[a-z_]+(\{([a-z_]+="([^"\\]|\\.)*",?)+\})? -?[0-9.e+-]+$/;
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) expect(line).toMatch(sample);
  const buckets = [...text.matchAll(/tollgate_overhead_seconds_bucket\{.*\} (\d+)/g)].map(([, count]) => Number(count));
  expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
});
