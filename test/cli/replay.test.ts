/** tollgate replay as people run it: threads or none, the same answer; and what it says of each thing that is wrong. */
import { beforeAll, describe, expect, it } from 'vitest';
import { builtCommand } from './built-command.ts';

const { tollgate, write } = builtCommand();

const QUESTION = `name: Mine
start: 2026-12
horizon: 12 months
traffic: {trace: mine.csv}
baseline: direct
strategies:
  - {id: direct, kind: direct}
routes:
  first: {seller: openai, model: gpt-4o}
  second: {seller: mistral, model: mistral-large-latest}
`;
const SPEC = `
keys: user
conditions:
  outages: [{component: openai, from: "2026-11-02T03:00:00Z", until: "2026-11-02T04:00:00Z"}]
  rate_limits: {first: {requests_per_minute: 1, burst_requests: 2, per: key}}
  error_rate: {first: {status: {500: 2 %}}}
  latency:
    first: {first_token: {p50: 300 ms, p95: 900 ms}, per_token: {p50: 10 ms, p95: 20 ms}}
    second: {first_token: {p50: 400 ms, p95: 800 ms}, per_token: {p50: 12 ms, p95: 15 ms}}
  abandonment: {after: 10 s, leaving: 10 %, timeout: 3 s, duplicating: 50 %}
  sla: [{measure: answer, within: 2 s, share: 99 %}]
strategies:
  direct: {routing: {policy: first, retries: {per_route: 1}}}
  failover:
    routing:
      policy: {kind: fallback, first: first, to: [second]}
      breaker: {failures: 3}
      budgets: [{name: each, per: user, only: [u70, u3], period: day, hard: 0.05 USD}]
    response_cache: {life: 1 hour, tenant: all, latency: 5 ms}
  by-user:
    routing:
      policy:
        kind: conditional
        when: [{user: [u69, u2], use: second}, {feature: late, use: second}]
        else: {kind: weighted, of: [{use: first, weight: 3}, {use: second, weight: 1}]}
`;
const ROWS = 50_000;
/** Two seconds apart; users and a feature go on to appear, and those that policies name come late. */
const TRACE = [
  'time,seller,model,input_tokens,output_tokens,feature,user,team,hash_chain',
  ...Array.from({ length: ROWS }, (_, i) => {
    const time = new Date(Date.parse('2026-11-02T00:00:00Z') + 2000 * i).toISOString();
    const model = i % 3 === 0 ? 'mistral,mistral-large-latest' : 'openai,gpt-4o';
    const user = (i * 7919) % (2 + Math.floor(i / 700));
    return `${time},${model},${500 + (i % 100)},${50 + (i % 31)},${i > 40_000 ? 'late' : 'chat'},u${user},t${user % 3},${i % 500}`;
  }),
  '',
].join('\n');

beforeAll(() => {
  write('mine.csv', TRACE.split('\n').slice(0, 200).join('\n'));
  write('many.csv', TRACE);
  write('question.yaml', QUESTION);
  write('spec.yaml', SPEC);
});

describe('tollgate replay', () => {
  it('gives the same bytes with threads and without, from the first batch to names that come late', () => {
    const run = (workers: number) =>
      tollgate(
        'replay',
        'question.yaml',
        '--spec',
        'spec.yaml',
        '--trace',
        'many.csv',
        '--json',
        '--workers',
        `${workers}`,
      );
    const alone = run(1);
    expect({ status: alone.status, stderr: alone.stderr }).toEqual({ status: 0, stderr: '' });
    for (const workers of [2, 8]) expect(run(workers)).toEqual(alone);
    const { strategies } = JSON.parse(alone.stdout);
    expect(strategies.map(({ strategy }: { strategy: string }) => strategy)).toEqual(['direct', 'failover', 'by-user']);
    for (const one of strategies) expect(one.requests).toBe(ROWS);
    const [direct, failover] = strategies;
    expect(direct.outcomes.failed).toBeGreaterThan(1000);
    expect(failover.outcomes.served_from_cache).toBeGreaterThan(100);
    expect(failover.outcomes.refused).toBeGreaterThan(100);
  });

  it('tells first tokens, service levels, why requests failed and what clients sent again', () => {
    const { status, stdout, stderr } = tollgate(
      'replay',
      'question.yaml',
      '--spec',
      'spec.yaml',
      '--trace',
      'many.csv',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const rows = stdout.split('\n').map((line) => line.split('│').map((cell) => cell.trim()));
    const row = (label: string) => rows.find((cells) => cells[1] === label)?.slice(2, 5);
    expect(row('Requests')).toEqual(['50,000', '50,000', '50,000']);
    expect(row('Until the first token, ms: p50 / p95 / p99')?.[0]).toMatch(/^\d+ \/ [\d,]+ \/ [\d,]+$/);
    expect(row('Until the answer, ms: p50 / p95 / p99')?.[0]).toMatch(/^[\d,]+ \/ [\d,]+ \/ [\d,]+$/);
    expect(row('Answers later than 2,000 ms (at most 1%)')?.[0]).toMatch(/^[\d,]+ \([\d.]+%\), (kept|broken)$/);
    expect(stdout).toMatch(/^direct: [\d,]+ requests without an answer: routes spent\.$/m);
    expect(row('… sent twice by clients')?.[1]).toMatch(/^[\d,]+$/);
    expect(row('Prompt cache spares')).toBeUndefined();
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(140);
  });

  it('names the strategies that there are, and says what a count of threads is', () => {
    const unknown = tollgate('replay', 'question.yaml', '--spec', 'spec.yaml', '--strategy', 'failovr');
    expect(unknown).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'spec.yaml:12 strategies: has no strategy "failovr" (did you mean "failover"?); it has direct, failover, by-user\n',
    });
    expect(tollgate('replay', 'question.yaml', '--workers', '0')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('"0" is no count of threads; allowed are 1, 2, 3, …'),
    });
    write('none.yaml', 'strategies: {}\n');
    expect(tollgate('replay', 'question.yaml', '--spec', 'none.yaml')).toMatchObject({
      status: 2,
      stderr: 'none.yaml:1 strategies: names no strategy to replay\n',
    });
  });

  const policy = (text: string): string => `strategies: {direct: {routing: {policy: ${text}}}}`;
  it.each<[string, string, string[]]>([
    [
      'unknown routes, of all strategies',
      'strategies:\n  direct: {routing: {policy: {kind: fallback, first: first, to: [secnd]}}}\n  other: {routing: {policy: frst}}',
      [
        ':13 replay.strategies.direct.routing.policy.to[0]: there is no route "secnd" (did you mean "second"?); known are first, second',
        ':14 replay.strategies.other.routing.policy: there is no route "frst" (did you mean "first"?); known are first, second',
      ],
    ],
    [
      'weights that sum to 0',
      policy('{kind: weighted, of: [{use: first, weight: 0}, {use: second, weight: 0}]}'),
      [':12 replay.strategies.direct.routing.policy.of: the weights sum to 0; at least one has to be above 0'],
    ],
    [
      'policies that refer to each other in a circle',
      `strategies:
  direct:
    routing:
      policy: a
      policies: {a: {kind: fallback, first: first, to: [b]}, b: {kind: fallback, first: second, to: [a]}}`,
      [':16 replay.strategies.direct.routing.policies.b.to[0]: policies refer to each other in a circle: a -> b -> a'],
    ],
    [
      'a budget in EUR',
      'strategies: {direct: {routing: {policy: first, budgets: [{name: all, period: day, hard: 5 EUR}]}}}',
      [':12 replay.strategies.direct.routing.budgets[0].hard: EUR is no currency of a budget; allowed is USD'],
    ],
    [
      'an unknown kind of policy',
      policy('{kind: fallbak, first: first, to: [second]}'),
      [
        ':12 replay.strategies.direct.routing.policy.kind: found "fallbak"; allowed are single, fallback, weighted, conditional, cost_aware, latency_aware, budget_aware, batch, smart (did you mean "fallback"?)',
      ],
    ],
    [
      'misspelt keys',
      'strategies: {direct: {routing: {policy: first, breakr: {}}, respnse_cache: {}}}',
      [
        ':12 replay.strategies.direct.routing.breakr: unknown key "breakr" (did you mean "breaker"?); allowed are policy, policies, quality, latency, latency_smoothing, limits, retries, retry_budget, breaker, budgets',
        ':12 replay.strategies.direct.respnse_cache: unknown key "respnse_cache" (did you mean "response_cache"?); allowed are routing, through, response_cache, batch, rate_limit_wait',
      ],
    ],
    [
      'names of conditions that nobody knows, once for all strategies',
      `conditions:
  outages: [{component: opnai, from: 2026-11-02, until: 2026-11-03}]
  rate_limits: {frst: {requests_per_minute: 5}}
strategies: {direct: {routing: {policy: first}}, other: {routing: {policy: second}}}`,
      [
        ':13 replay.conditions.outages: unknown component "opnai" (did you mean "openai"?); known are openai, mistral, openai/gpt-4o, mistral/mistral-large-latest',
        ':14 replay.conditions.rate_limits: unknown route "frst" (did you mean "first"?); known are first, second',
      ],
    ],
  ])('refuses %s', (_name, replay, said) => {
    write('wrong.yaml', scenarioWith(replay));
    const { status, stdout, stderr } = tollgate('replay', 'wrong.yaml');
    expect({ status, stdout, said: stderr.trimEnd().split('\n') }).toEqual({
      status: 2,
      stdout: '',
      said: said.map((line) => `wrong.yaml${line}`),
    });
  });

  it.each(['replay', 'run'])('refuses conditions that contradict themselves where %s reads the scenario', (command) => {
    const outages = `
    - {component: openai, from: 2026-11-02T02:00:00Z, until: 2026-11-02T01:00:00Z}
    - {component: openai, from: 2026-11-02T02:00:00Z, until: 2026-11-02T03:00:00Z, failing: -0.5}
  error_rate: {first: {status: {500: 0.7, 429: 0.7}}}`;
    write('wrong.yaml', scenarioWith(`conditions:\n  outages:${outages}\n${policy('first')}`));
    const { status, stdout, stderr } = tollgate(command, 'wrong.yaml');
    expect({ status, stdout, said: stderr.trimEnd().split('\n') }).toEqual({
      status: 2,
      stdout: '',
      said: [
        'wrong.yaml:14 replay.conditions.outages[0].until: 2026-11-02T01:00:00Z is not after the start, 2026-11-02T02:00:00Z',
        'wrong.yaml:15 replay.conditions.outages[1].failing: -0.5 is out of range; allowed is between 0 and 1',
        'wrong.yaml:16 replay.conditions.error_rate.first: the rates of all statuses add up to 1.4, more than every attempt',
      ],
    });
  });
});

/** The scenario with a `replay` block, whose first line stands in line 12. */
const scenarioWith = (replay: string): string => `${QUESTION}replay:\n${replay.replaceAll(/^/gm, '  ')}\n`;
