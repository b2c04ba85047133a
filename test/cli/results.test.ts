/** What people do with results, as processes: policies, comparisons, claims, sweeps. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtCommand, WEEK } from './built-command.ts';

const { tollgate, at, write, read } = builtCommand();

const QUESTION = `name: Mine
start: 2026-12
horizon: 12 months
traffic: {trace: mine.csv, volume: {requests_per_month: 20000 to 200000}}
baseline: direct
engineering: {loaded_rate: 70 to 120 USD/hour}
strategies:
  - {id: direct, kind: direct}
  - {id: margin-10, kind: managed_gateway, gateway: margin-10}
gateways:
  margin-10: {name: Margin, kind: managed, fees: {token_markup: {value: 10 %, source: test}}}
claims:
  - {id: cheap, text: Direct is cheaper, source: "https://example.com/claim", claim: npv_usd.direct < npv_usd.margin-10,
     over: [{path: traffic.volume.requests_per_month, from: 1000, to: 1000000}]}
`;

beforeAll(() => {
  write('mine.csv', WEEK);
  write('question.yaml', QUESTION);
});

const run = (...args: string[]) => tollgate('run', 'question.yaml', '--draws', '0', ...args);

describe('tollgate run --fail-if', () => {
  it('exits with 1 and says what was found, and writes the report all the same', () => {
    const { status, stderr } = run(
      '--quiet',
      '--out',
      'gate',
      '--fail-if',
      'npv_usd.direct > 1',
      '--fail-if',
      'requests_per_month > 1e12',
      '--fail-if',
      'recommended == margin-10 or recommended == direct',
    );
    expect(status).toBe(1);
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^--fail-if: fails since this holds: npv_usd\.direct > 1 \(npv_usd\.direct \$[\d,]+\)$/);
    expect(readdirSync(at('gate'))).toContain('report.json');
  });

  it('exits with 0 where none holds', () => {
    expect(run('--json', '--fail-if', 'npv_usd.direct < 0')).toMatchObject({ status: 0, stderr: '' });
  });

  it('fails where it can not be said', () => {
    const { status, stderr } = run('--json', '--fail-if', 'p95_usd.direct > 1e9');
    expect(status).toBe(1);
    expect(stderr).toContain('can’t be said: p95_usd.direct > 1e9 (p95_usd.direct not known; the report has no draws');
  });

  it('tells wrong expressions before anything is read or written', () => {
    const wrong = tollgate('run', 'missing.yaml', '--fail-if', 'zeros(1e9) > 1', '--fail-if', 'a = 1');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr.trimEnd().split('\n')).toHaveLength(2);
    expect(wrong.stderr).not.toContain('missing.yaml');
    const name = run('--trace', 'missing.csv', '--fail-if', 'npv_usd.margin10 > 1');
    expect(name.status).toBe(2);
    expect(name.stderr).toContain('did you mean "npv_usd.margin-10"');
    expect(name.stderr).not.toContain('missing.csv');
  });
});

describe('claims of a scenario', () => {
  it('stand in every form of the report', () => {
    expect(run('--quiet', '--out', 'claimed').status).toBe(0);
    const text = (name: string): string => read(path.join('claimed', name));
    const [claim] = JSON.parse(text('report.json')).claims;
    expect(claim).toMatchObject({ id: 'cheap', verdict: 'holds_where' });
    expect(claim.where).toMatch(
      /^holds in [\d.]+% of 1,000 requests\/month to 1,000,000 requests\/month: “Requests a month at the start” above [\d,]+ requests\/month; it fails where the scenario stands$/,
    );
    expect(claim.evidence.map((one: { name: string }) => one.name)).toEqual(['npv_usd.direct', 'npv_usd.margin-10']);
    expect(text('report.html')).toContain('Claims put to the test');
    expect(text('report.html')).toContain('<a href="https://example.com/claim"');
    expect(text('report.md')).toContain('## Claims');
  });

  it('with wrong names are told with file and path before traffic is read', () => {
    const { status, stderr } = run('--trace', 'missing.csv', '--set', 'claims.cheap.claim=npv_usd.direkt > 1');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^question\.yaml claims\.cheap\.claim: there is no figure "npv_usd\.direkt" \(did you mean/);
  });

  it('that can not be read are told with the line', () => {
    write('wrong.yaml', QUESTION.replace('npv_usd.direct < npv_usd.margin-10', 'import(x) == 1'));
    const { status, stderr } = tollgate('run', 'wrong.yaml');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^wrong\.yaml:\d+ claims\[0\]\.claim: .*the function "import" is not allowed/);
  });
});

describe('tollgate compare', () => {
  it('runs scenarios and tells what changed', () => {
    const { status, stdout } = tollgate(
      'compare',
      'question.yaml',
      'question.yaml',
      '--set-after',
      'engineering.loaded_rate=200 USD/hour',
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/~ engineering\.loaded_rate +\$92\.89\/hour -> \$200\/hour {2}\+115% of \$92\.89\/hour/);
    expect(stdout).toMatch(/~ Engineering +\$[\d,.]+ -> \$[\d,.]+/);
    expect(stdout).not.toContain('Token charges');
  });

  it('reads reports, as Markdown and JSON, and judges the later against the earlier', () => {
    write('before.json', run('--json').stdout);
    write('after.json', run('--json', '--set', 'traffic.volume.requests_per_month=500000').stdout);
    expect(tollgate('compare', 'before.json', 'before.json').stdout).toContain('Nothing changed.');
    const json = tollgate('compare', 'before.json', 'after.json', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ schema_version: 1, is_same: false });
    expect(tollgate('compare', 'before.json', 'after.json', '--json').stdout).toBe(json.stdout);
    const gated = tollgate(
      'compare',
      'before.json',
      'after.json',
      '--markdown',
      '--fail-if',
      'npv_usd.direct > before.npv_usd.direct',
    );
    expect(gated.status).toBe(1);
    expect(gated.stdout).toMatch(/^### Mine\n/);
    expect(gated.stderr).toContain('before.npv_usd.direct $');
  });

  it('names the field of a report that is wrong', () => {
    write('old.json', '{"schema_version": 7}');
    expect(tollgate('compare', 'old.json', 'old.json')).toMatchObject({
      status: 2,
      stderr: 'old.json schema_version: is 7; this version of Tollgate reads 1\n',
    });
    const broken = JSON.parse(run('--json').stdout);
    broken.strategies[0].npv_usd = 'much';
    delete broken.traffic.requests;
    write('broken.json', JSON.stringify(broken));
    const { status, stderr } = tollgate('compare', 'broken.json', 'question.yaml');
    expect(status).toBe(2);
    expect(stderr).toContain('broken.json strategies[0].npv_usd: found "much"');
    expect(stderr).toContain('broken.json traffic.requests: is missing');
    write('text.json', 'no json');
    expect(tollgate('compare', 'text.json', 'text.json').status).toBe(2);
  });

  it('refuses to change a finished report', () => {
    const { status, stderr } = tollgate('compare', 'question.yaml', 'before.json', '--set-after', 'seed=2');
    expect(status).toBe(2);
    expect(stderr).toContain('before.json: is a report and finished');
  });
});

describe('tollgate sweep', () => {
  it('maps two drivers, prints and writes what it found', () => {
    const { status, stdout, stderr } = tollgate(
      'sweep',
      'question.yaml',
      '--x',
      'traffic.volume.requests_per_month',
      '--x-range',
      '1000..1000000',
      '--y',
      'gateways.margin-10.fees.token_markup',
      '--steps',
      '10',
      '--out',
      'swept',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('A direct   B margin-10   + this scenario');
    expect(stdout).toMatch(/at 10%: margin-10 below [\d,]+ requests\/month, then direct/);
    expect(readdirSync(at('swept')).sort()).toEqual(['sweep.json', 'sweep.svg', 'sweep.vl.json']);
    const { map } = JSON.parse(read('swept/sweep.json'));
    expect(map.best).toHaveLength(6);
    expect(map.best[0]).toHaveLength(11);
    expect(map.x).toMatchObject({ path: 'traffic.volume.requests_per_month', from: 1000, scale: 'logarithmic' });
  });

  it('agrees with the break-even of the report', () => {
    const report = JSON.parse(run('--json').stdout);
    const [crossing] = report.break_even.find((one: { driver: string }) => one.driver === 'volume').crossings;
    const path_ = 'traffic.volume.requests_per_month';
    const range = ['--x-range', '1000..1000000'];
    const { line } = JSON.parse(tollgate('sweep', 'question.yaml', '--x', path_, ...range, '--json').stdout);
    expect(line.crossings).toHaveLength(1);
    expect(line.crossings[0].value / crossing.value).toBeCloseTo(1, 6);
    const found = tollgate('sweep', 'question.yaml', '--find', path_, '--find-range', '1000..1000000', '--json');
    expect(JSON.parse(found.stdout).flips.flips[0].value / crossing.value).toBeCloseTo(1, 6);
    const boundary = report.claims[0].boundary[0].values[0];
    expect(boundary / crossing.value).toBeCloseTo(1, 6);
  });

  it('says never, lists inputs, and tells wrong ones with the nearest', () => {
    const never = tollgate('sweep', 'question.yaml', '--find', 'discount_rate', '--find-range', '1 %..20 %');
    expect(never.stdout).toMatch(/never within 1%\/year to 20%\/year: (direct|margin-10) throughout/);
    expect(tollgate('sweep', 'question.yaml', '--list').stdout).toContain('gateways.margin-10.fees.token_markup');
    const wrong = tollgate('sweep', 'question.yaml', '--x', 'engineering.loaded_rates');
    expect(wrong).toMatchObject({ status: 2 });
    expect(wrong.stderr).toContain('did you mean "engineering.loaded_rate"');
    expect(tollgate('sweep', 'question.yaml').status).toBe(2);
    expect(tollgate('sweep', 'question.yaml', '--x', 'discount_rate', '--x-range', '1').status).toBe(2);
  });
});
