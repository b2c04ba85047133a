/** The command as people run it: a process, its exit code, what it prints and what it leaves behind. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { reportContract } from '../../src/report/contract.ts';
import { tracesFolder } from '../traces-folder.ts';
import { builtCommand, ROOT, WEEK } from './built-command.ts';

const TRACES = tracesFolder();
const { tollgate, at, write, read } = builtCommand();

beforeAll(() => {
  write('mine.csv', WEEK);
  write('question.yaml', QUESTION);
});

const HEADER = 'time,seller,model,input_tokens,output_tokens';
const trace = (rows: readonly string[]): string => `${[HEADER, ...rows].join('\n')}\n`;
const QUESTION = `name: Mine
start: 2026-12
horizon: 12 months
traffic: {trace: mine.csv}
baseline: direct
strategies:
  - {id: direct, kind: direct}
  - {id: openrouter, kind: managed_gateway, gateway: openrouter}
`;
const GOOD = '2026-11-01T00:00:00Z,openai,gpt-4o,1000,100';

describe('tollgate run', () => {
  it('writes the report and ends by naming it', () => {
    const { status, stdout, stderr } = tollgate('run', 'question.yaml');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Report: reports/mine/report.html');
    expect(readdirSync(at('reports/mine')).sort()).toEqual([
      'attribution.csv',
      'charts',
      'focus.csv',
      'line-items.csv',
      'report.html',
      'report.json',
      'report.md',
    ]);
    const report = reportContract.parse(JSON.parse(read('reports/mine/report.json')));
    expect(report.recommendation.strategy).not.toBeNull();
    expect(stdout).not.toContain('\u001b[');
  });

  it('prints report.json and nothing else with --json, and the same bytes every time', () => {
    const first = tollgate('run', 'question.yaml', '--json');
    const second = tollgate('run', 'question.yaml', '--json');
    expect(first.status).toBe(0);
    expect(first.stdout).toBe(second.stdout);
    expect(reportContract.safeParse(JSON.parse(first.stdout)).success).toBe(true);
    expect(first.stderr).toBe('');
  });

  it('takes --set, --trace, --out and --quiet', () => {
    write('other.csv', trace(Array.from({ length: 50 }, () => GOOD)));
    const { status, stdout } = tollgate(
      'run',
      'question.yaml',
      '--trace',
      'other.csv',
      '--set',
      'engineering.loaded_rate=120 USD/hour',
      '--set',
      'strategies.openrouter.top_up=50 USD',
      '--out',
      'there',
      '--quiet',
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'there/report.html\n' });
    const report = reportContract.parse(JSON.parse(read('there/report.json')));
    expect(report.traffic.requests).toBe(50);
    expect(report.assumptions.find((one) => one.path === 'engineering.loaded_rate')).toMatchObject({
      value: 120,
      given: true,
    });
    expect(report.assumptions.find((one) => one.path === 'strategies.openrouter.top_up')).toMatchObject({ value: 50 });
    expect(report.provenance.command).toContain('--trace other.csv');
  });

  it('writes the report of a trace with an unknown model, leaves totals open and recommends nothing', () => {
    write(
      'unknown.csv',
      trace([...Array.from({ length: 9 }, () => GOOD), '2026-11-02T00:00:00Z,openai,<script>alert(1)</script>,10,10']),
    );
    const { status } = tollgate('run', 'question.yaml', '--trace', 'unknown.csv', '--out', 'unknown');
    expect(status).toBe(1);
    const report = reportContract.parse(JSON.parse(read('unknown/report.json')));
    expect(report.unpriced).toMatchObject([{ model: 'openai/<script>alert(1)</script>', requests: 1 }]);
    expect(
      report.strategies.map((one) => [one.total_usd, one.cash_usd, one.npv_usd, one.by_component.token_charges]),
    ).toEqual([
      [null, null, null, null],
      [null, null, null, null],
    ]);
    expect(report.recommendation.strategy).toBeNull();
    for (const file of ['report.html', 'report.md'])
      expect(read(path.join('unknown', file))).not.toContain('<script>alert');
    const waived = tollgate(
      'run',
      'question.yaml',
      '--trace',
      'unknown.csv',
      '--set',
      'accept_unpriced=true',
      '--json',
    );
    expect(waived.status).toBe(1);
    expect(JSON.parse(waived.stdout).recommendation.strategy).not.toBeNull();
  });

  it('sets rejected rows aside and removes their file when all is well again', () => {
    write(
      'dirty.csv',
      trace([...Array.from({ length: 150 }, () => GOOD), '2026-11-01T00:00:00Z,openai,gpt-4o,12.5,=1+1']),
    );
    expect(tollgate('run', 'question.yaml', '--trace', 'dirty.csv', '--out', 'dirty').status).toBe(1);
    const rejects = read('dirty/rejects.csv');
    expect(rejects).toContain('152,');
    expect(rejects).toContain('12.5');
    expect(tollgate('run', 'question.yaml', '--out', 'dirty').status).toBe(0);
    expect(existsSync(at('dirty/rejects.csv'))).toBe(false);
  });

  it.each([
    ['a missing scenario', ['run', 'nothing.yaml'], /^nothing\.yaml: there is no such file\n$/],
    ['a folder', ['run', '.'], /^\.: is a directory; expected a file\n$/],
    [
      'a wrong unit',
      ['run', 'question.yaml', '--set', 'engineering.loaded_rate=3 USDD/hour'],
      /^--set engineering\.loaded_rate: unknown unit "USDD" \(did you mean "USD".*expected USD\/hour\n$/,
    ],
    [
      'a negative volume',
      ['run', 'question.yaml', '--set', 'traffic.volume.requests_per_month=-5'],
      /^--set traffic\.volume\.requests_per_month: -5 is out of range; allowed is at least 1 request\/month\n$/,
    ],
    [
      'horizon 0',
      ['run', 'question.yaml', '--set', 'horizon=0'],
      /^--set horizon: 0 is no horizon; allowed are 1 to 120 months/,
    ],
    ['a missing trace', ['run', 'question.yaml', '--trace', 'nothing.csv'], /^nothing\.csv: no such file\n$/],
    [
      'an unknown model in a flag',
      ['run', 'question.yaml', '--set', 'traffic.models.default=openai/gpt-4oo'],
      /^--set traffic\.models\.default: "openai\/gpt-4oo" is not in the price book; the nearest are openai\/gpt-4o,/,
    ],
    ['an unknown command', ['rum'], /unknown command 'rum'/],
  ])('tells %s in one message and writes nothing', (_, args, message) => {
    const { status, stdout, stderr } = tollgate(...args, ...(args[0] === 'run' ? ['--out', 'never'] : []));
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(at('never'))).toBe(false);
  });

  it.each([
    [
      'a misspelt key',
      QUESTION.replace('baseline:', 'baslin:'),
      [/bad\.yaml:5 baslin: unknown key "baslin" \(did you mean "baseline"/, /baseline: is missing/],
    ],
    ['duplicate keys', `${QUESTION}name: again\n`, [/^bad\.yaml:9: the key "name" stands here twice\n$/]],
    [
      'two faults at once',
      QUESTION.replace('12 months', 'soon').replace('gateway: openrouter', 'gateway: openruter'),
      [/bad\.yaml:3 horizon: "soon" is no horizon/],
    ],
    [
      'an unknown gateway',
      QUESTION.replace('gateway: openrouter', 'gateway: openruter'),
      [/bad\.yaml:8 strategies\[1\]\.gateway: there is no gateway "openruter" \(did you mean "openrouter"/],
    ],
  ])('tells %s in the file with its line', (_, text, messages) => {
    write('bad.yaml', text);
    const { status, stderr } = tollgate('run', 'bad.yaml', '--out', 'never');
    expect(status).toBe(2);
    for (const message of messages) expect(stderr).toMatch(message);
    expect(existsSync(at('never'))).toBe(false);
  });

  it.each([
    ['an empty trace', '', /^bad\.csv: is empty\n$/],
    ['a trace of a header alone', `${HEADER}\n`, /^bad\.csv: has a header and no rows\n$/],
  ])('tells %s', (_, text, message) => {
    write('bad.csv', text);
    const { status, stderr } = tollgate('run', 'question.yaml', '--trace', 'bad.csv', '--out', 'never');
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(at('never'))).toBe(false);
  });

  it('stops at more than 1 % broken rows, and writes them down for who has to mend them', () => {
    write('bad.csv', trace([GOOD, 'broken,row']));
    const { status, stderr } = tollgate('run', 'question.yaml', '--trace', 'bad.csv', '--out', 'stopped');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^bad\.csv: 1 of 2 rows/);
    expect(stderr).toContain(
      'stopped/rejects.csv: holds them; if so many are right, --set traffic.max_rejected_fraction',
    );
    expect(readdirSync(at('stopped'))).toEqual(['rejects.csv']);
    expect(read('stopped/rejects.csv')).toBe(
      'file,line,reason,text\nbad.csv,3,fewer fields than the 5 of the header,"broken,row"\n',
    );
  });

  it('tells rules and phases without effect, and sellers that no model stands beside', () => {
    write('sellers.csv', trace([GOOD, '2026-11-01T01:00:00Z,azure,,1000,100']));
    write(
      'idle.yaml',
      `${QUESTION}  - {id: mixed, kind: hybrid, rules: [{feature: chatt, via: openrouter}, {else: direct}]}
  - {id: late, kind: phased, phases: [{via: openrouter, for: 36 months}, {via: direct}]}
`.replace('trace: mine.csv', 'trace: sellers.csv, models: {default: openai/gpt-4o}'),
    );
    const { status, stdout } = tollgate('run', 'idle.yaml', '--json');
    expect(status).toBe(0);
    const { diagnostics } = reportContract.parse(JSON.parse(stdout));
    const paths = diagnostics.filter(({ code }) => code === 'WITHOUT_EFFECT').map(({ path: at }) => at);
    expect(paths).toEqual(['strategies.mixed.rules[0]', 'strategies.late.phases[1]']);
    expect(diagnostics.map(({ path: at }) => at)).toContain('seller azure without a model');
  });

  it('does not hang where no folder can be made', () => {
    const { status, stderr } = tollgate('run', 'question.yaml', '--out', at('question.yaml/below'));
    expect(status).toBe(2);
    expect(stderr).toMatch(/the report can't be written here/);
  });

  it.skipIf(TRACES === undefined)('gives a full report of either Azure trace', () => {
    for (const name of ['code', 'conv']) {
      const { status, stdout } = tollgate(
        'run',
        path.join(ROOT, 'scenarios/support-chatbot.yaml'),
        '--trace',
        path.join(TRACES!, `azure-2023/AzureLLMInferenceTrace_${name}.csv`),
        '--json',
      );
      expect(status).toBe(0);
      const report = reportContract.parse(JSON.parse(stdout));
      expect(report.traffic.requests).toBe(name === 'code' ? 8819 : 19366);
      expect(report.diagnostics.map((one) => one.code)).toContain('SHORT_WINDOW');
      expect(report.strategies).toHaveLength(6);
    }
  });
});

describe('tollgate schema', () => {
  it('prints the JSON Schema that editors use', () => {
    const { status, stdout } = tollgate('schema');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(path.join(ROOT, 'scenario.schema.json'), 'utf8')));
  });
});
