/** What is wrong with a scenario, told in one line each: file, line, path, what was found, what is allowed. */
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/io/read-yaml.ts';
import { applyOverrides, parseOverride } from '../../src/scenario/overrides.ts';
import { type Question, resolveScenario } from '../../src/scenario/resolve.ts';
import { book } from '../costs/fixture.ts';
import { problemsOf } from '../problems.ts';

const LINES = [
  'name: test', // 1
  'start: 2026-12',
  'horizon: 12 months',
  'traffic:', // 4
  '  trace: none.csv',
  'baseline: direct', // 6
  'strategies:',
  '  - id: direct', // 8
  '    kind: direct',
];
const good = LINES.join('\n');
/** The scenario with one line replaced. */
const line = (number: number, text: string): string =>
  LINES.map((own, i) => (i === number - 1 ? text : own)).join('\n');
/** The scenario with lines put after it, from line 10 on. */
const plus = (...more: string[]): string => [...LINES, ...more].join('\n');

function resolve(text: string, sets: readonly string[] = []): Question {
  const yaml = parseYaml(text, 'file.yaml');
  const overrides = sets.map((set) => parseOverride(set, (value) => parseYaml(value, '--set').value));
  return resolveScenario(applyOverrides(yaml.value, overrides), book, yaml.where);
}

const told = (text: string, sets: readonly string[] = []): string[] => problemsOf(() => resolve(text, sets));

it('a scenario of nine lines is enough', () => {
  expect(told(good)).toEqual([]);
});

const synthetic =
  '  synthetic: {requests_per_hour: 1, classes: [{feature: a, share: 1, input_tokens: {p50: 1, p95: 2}, output_tokens: {p50: 1, p95: 2}}]}';

describe('one problem is one line:', () => {
  it.each<[name: string, text: string, message: string | RegExp]>([
    [
      'a misspelt key',
      plus('engineerin: {}'),
      /^file.yaml:10 engineerin: unknown key "engineerin" \(did you mean "engineering"\?\); allowed are name, question, /,
    ],
    [
      'a misspelt key deep inside',
      plus('    libary: x'),
      'file.yaml:10 strategies[0].libary: unknown key "libary" (did you mean "library"?); allowed are id, title, ranked, policy, hop_latency, kind, library',
    ],
    [
      'a key of another kind of strategy',
      plus('    plan: pro'),
      'file.yaml:10 strategies[0].plan: unknown key "plan"; allowed are id, title, ranked, policy, hop_latency, kind, library',
    ],
    [
      'an unknown kind',
      line(9, '    kind: gateway'),
      /^file.yaml:9 strategies\[0\].kind: found "gateway";.*managed_gateway/,
    ],
    [
      'a wrong unit',
      plus('engineering: {loaded_rate: 3 days}'),
      'file.yaml:10 engineering.loaded_rate: "3 days" is in hour, expected USD/hour',
    ],
    [
      'an unknown unit',
      plus('engineering:', '  loaded_rate: 120 USDD/hour'),
      /^file.yaml:11 engineering.loaded_rate: .*unknown unit "USDD" \(did you mean "USD"/,
    ],
    [
      'a thousands separator',
      plus('engineering: {loaded_rate: "1,000"}'),
      /^file.yaml:10 engineering.loaded_rate: "1,000": .*; expected a number, a quantity \("3 USD\/hour"\)/,
    ],
    [
      'another currency for a share',
      plus('gateways: {mine: {kind: managed, fees: {token_markup: 5 EUR}}}'),
      'file.yaml:10 gateways.mine.fees.token_markup: "5 EUR" is in EUR, expected a plain number or %',
    ],
    ['a key twice', plus('name: again'), /^file.yaml:10: the key "name" stands here twice$/],
    ['tabs', line(5, '\ttrace: none.csv'), /^file.yaml:5: /],
    [
      'a negative volume',
      line(5, '  {trace: a.csv, volume: {requests_per_month: -5}}'),
      /^file.yaml:5 traffic.volume.requests_per_month: -5 is out of range; allowed is at least 1 request\/month$/,
    ],
    [
      'a list in place of an amount',
      plus('engineering: {loaded_rate: [1, 2]}'),
      /^file.yaml:10 engineering.loaded_rate: found \[1,2\]; expected a number, a quantity/,
    ],
    ['no horizon', line(3, 'notes: []'), 'file.yaml:1 horizon: is missing'],
    ...['0', '999', 'twelve', '-3'].map((value): [string, string, RegExp] => [
      `a horizon of ${value}`,
      line(3, `horizon: ${value}`),
      /^file.yaml:3 horizon: \S+ is no horizon; allowed are 1 to 120 months \("36 months", "3 years"\)$/,
    ]),
    ['month 13', line(2, 'start: 2026-13'), 'file.yaml:2 start: found "2026-13"; expected a month, "2026-12"'],
    [
      'an unknown baseline',
      line(6, 'baseline: dirct'),
      'file.yaml:6 baseline: there is no strategy "dirct" (did you mean "direct"?); allowed are direct',
    ],
    [
      'a strategy twice',
      plus('  - {id: direct, kind: direct}'),
      'file.yaml:10 strategies[1].id: the id "direct" is used twice',
    ],
    [
      'an unknown gateway',
      plus('  - {id: g, kind: managed_gateway, gateway: toli}'),
      /^file.yaml:10 strategies\[1\].gateway: there is no gateway "toli" \(did you mean "toll"\?\); known are toll, markup, /,
    ],
    [
      'an unknown plan',
      plus('  - {id: g, kind: managed_gateway, gateway: plans, plan: prof}'),
      'file.yaml:10 strategies[1].plan: Plans has no plan "prof"; it has free, pro, flat',
    ],
    [
      'a gateway that nobody can host',
      plus('  - {id: g, kind: self_hosted_gateway, gateway: toll}'),
      'file.yaml:10 strategies[1].gateway: Toll says nothing of running it oneself; add gateways.toll.self_hosting, or .serving where own machines answer models',
    ],
    [
      'a gateway of which too little is said to host it',
      plus(
        '  - {id: g, kind: self_hosted_gateway, gateway: toll}',
        'gateways: {toll: {self_hosting: {cpu_per_request: 5 ms, cores_per_replica: 1, min_replicas: 1, replica: 50 USD/month}}}',
      ),
      'file.yaml:10 strategies[1].gateway: Toll is run by oneself, and nothing says its target_utilisation, data_stores, setup, upkeep; add gateways.toll.self_hosting.target_utilisation',
    ],
    [
      'an unknown model',
      line(5, '  {trace: a.csv, models: {default: acme/larg}}'),
      'file.yaml:5 traffic.models.default: "acme/larg" is not in the price book; the nearest are acme/large',
    ],
    [
      'a model without its seller',
      line(5, '  {trace: a.csv, models: {default: large}}'),
      'file.yaml:5 traffic.models.default: "large" is not in the price book; the nearest are acme/large',
    ],
    [
      'an unknown fallback',
      plus('    policy: {kind: fallback, to: [beta/twine]}'),
      'file.yaml:10 strategies[0].policy.to[0]: "beta/twine" is not in the price book; the nearest are beta/twin',
    ],
    [
      'a contract rate of an unknown meter',
      plus('prices: {acme/large: {inpt: 1}}'),
      /^file.yaml:10 prices.acme\/large.inpt: unknown key "inpt" \(did you mean "input".*; allowed are .*input, /,
    ],
    [
      'contract rates of one model under two names',
      plus('prices: {acme/large: {input: 1}, acme/large-latest: {input: 2}}'),
      'file.yaml:10 prices.acme/large-latest: is another name of "acme/large", whose prices are given too',
    ],
    [
      'a trace and a workload',
      line(5, `  trace: a.csv\n${synthetic}`),
      'file.yaml:4 traffic: needs exactly one of trace, synthetic and clickhouse',
    ],
    ['neither', line(5, '  models: {}'), 'file.yaml:4 traffic: needs exactly one of trace, synthetic and clickhouse'],
    [
      'a phase without an end',
      plus('  - {id: p, kind: phased, phases: [{via: direct}, {via: direct}]}'),
      'file.yaml:10 strategies[1].phases[0]: says not how long it runs; add `for: 12 months`',
    ],
    [
      'a last phase with an end',
      plus('  - {id: p, kind: phased, phases: [{via: direct, for: 3}, {via: direct, for: 3}]}'),
      'file.yaml:10 strategies[1].phases[1].for: the last phase runs until the end and has no `for`',
    ],
    [
      'a phase of an unknown strategy',
      plus('  - {id: p, kind: phased, phases: [{via: dirct, for: 3}, {via: direct}]}'),
      'file.yaml:10 strategies[1].phases[0].via: there is no strategy "dirct" (did you mean "direct"?); allowed are direct',
    ],
    [
      'a hybrid without else',
      plus('  - {id: h, kind: hybrid, rules: [{model: acme/large, via: direct}]}'),
      'file.yaml:10 strategies[1].rules[0]: the last rule is `else`',
    ],
    [
      'a rule with via and else',
      plus('  - {id: h, kind: hybrid, rules: [{via: direct, else: direct}]}'),
      `file.yaml:10 strategies[1].rules[0].else: "else" can't stand beside via`,
    ],
    [
      'an unknown need',
      plus('needs: {fallbak: required}'),
      /^file.yaml:10 needs.fallbak: unknown key "fallbak" \(did you mean "fallback"\?\); allowed are fallback, /,
    ],
    [
      'a need neither required nor optional',
      plus('needs: {fallback: requird}'),
      /^file.yaml:10 needs.fallback: found "requird"; allowed are required, optional, .*\(did you mean "required"\?\)$/,
    ],
    [
      'an unknown capability',
      plus('already_built: [keymanagement]'),
      /^file.yaml:10 already_built\[0\]: found "keymanagement"; allowed are .*\(did you mean "key_management"\?\)$/,
    ],
    [
      'attempts that all fail',
      plus('outages: {error_rate: 100 %}'),
      'file.yaml:10 outages.error_rate: says that every attempt fails; allowed is less than 100 %',
    ],
    [
      'a beta distribution that is none',
      plus('engineering: {loaded_rate: {dist: beta, mean: 50, sd: 3}}'),
      /^file.yaml:10 engineering.loaded_rate: beta with mean 50 and sd 3 is no distribution; /,
    ],
    ['an empty file', '', /^file.yaml.*: found null; expected object$/],
    ['a list', '- 1', 'file.yaml:1: found [1]; expected object'],
  ])('%s', (_, text, message) => {
    const found = told(text);
    expect(found.length, found.join('\n')).toBe(1);
    expect(found[0]).toMatch(message);
    if (typeof message === 'string') expect(found[0]).toBe(message);
    expect(found[0]).not.toContain('\n');
  });
});

describe('several problems', () => {
  it('are all told at once', () => {
    const found = told(line(3, 'horizont: 12 months').replace('baseline: direct', 'baseline: 5'));
    expect(found.length).toBe(3);
    expect(found.join('\n')).toMatch(
      /horizon: is missing.*baseline: found 5.*"horizont" \(did you mean "horizon"\?\)/s,
    );
  });

  it('of names are all told at once', () => {
    const text = `${line(6, 'baseline: other')}\n  - {id: g, kind: managed_gateway, gateway: toli}\nprices: {acme/x: {input: 1}}`;
    expect(told(text).map((one) => one.split(': ')[0])).toEqual([
      'file.yaml:6 baseline',
      'file.yaml:10 strategies[1].gateway',
      'file.yaml:11 prices.acme/x',
    ]);
  });
});

describe('--set', () => {
  it('reaches members of lists by id or position, keys in brackets, and what is not there yet', () => {
    const { scenario } = resolve(good, [
      'strategies.direct.library=a library',
      'strategies[0].title=Straight',
      'prices["acme/large"].input=1.5',
      'engineering.adapter.build=8 hours',
      'horizon=2 years',
    ]);
    expect(scenario.strategies[0]).toMatchObject({ library: 'a library', title: 'Straight' });
    expect(scenario.prices).toEqual({ 'acme/large': { input: 1.5 } });
    expect(scenario.engineering.adapter.build?.central).toBe(8);
    expect(scenario.horizon).toBe(24);
  });

  it.each<[string, RegExp]>([
    ['enginering.adapter.build=8', /: unknown key "enginering" \(did you mean "engineering"\?\)/],
    ['strategies.dirct.library=x', /^--set strategies.dirct.library: the list has no "dirct"; it has direct$/],
    ['strategies[9].library=x', /^--set strategies.9.library: the list has no "9"; it has direct$/],
    ['name.x=1', /^--set name.x: "name" is "test", which has no parts$/],
    ['horizon=0', /: 0 is no horizon; allowed are 1 to 120 months/],
    ['strategies.direct=3', /strategies\[0\]: found 3; expected object/],
    ['toString.x=1', /: unknown key "toString"/],
  ])('%s is told', (set, message) => {
    const found = told(good, [set]);
    expect(found.length).toBe(1);
    expect(found[0]).toMatch(message);
  });

  it.each(['name', '=1', '', '.=1', 'a..b'])('"%s" is no path=value', (set) => {
    expect(() => told(good, [set])).not.toThrow();
    expect(told(good, [set])[0]).toMatch(/expected path=value, such as engineering.loaded_rate=/);
  });

  it('leaves the scenario that it changes as it was', () => {
    const raw = parseYaml(good, 'file.yaml').value;
    applyOverrides(raw, [parseOverride('traffic.trace=other.csv', (value) => value)]);
    expect(raw).toEqual(parseYaml(good, 'file.yaml').value);
  });
});

describe('prototypes', () => {
  const polluted = () => ({}) as { polluted?: unknown };

  it.each([
    '__proto__.polluted=1',
    'traffic.__proto__.polluted=1',
    'traffic["__proto__"].polluted=1',
    'traffic.constructor.prototype.polluted=1',
    'strategies.direct.__proto__.polluted=1',
  ])('are out of reach of --set %s', (set) => {
    expect(told(good, [set])[0]).toMatch(/this path is not allowed/);
    expect(polluted().polluted).toBeUndefined();
  });

  it.each(['{__proto__: {polluted: 1}}', '{constructor: {prototype: {polluted: 1}}}'])(
    'are out of reach of %s',
    (value) => {
      for (const key of ['gateways', 'prices', 'routes', 'needs', 'value']) {
        told(good, [`${key}=${value}`]);
        told(plus(`${key}: ${value}`));
      }
      told(plus('__proto__: {polluted: 1}'));
      expect(polluted().polluted).toBeUndefined();
    },
  );

  it('in a file are unknown keys', () => {
    expect(told(plus('__proto__: {polluted: 1}'))[0]).toMatch(/^file.yaml:10 __proto__: unknown key/);
  });
});
