/** `tollgate claims` as a process, and `--variant` of `run` and `sweep`. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ledgerContract } from '../../src/ledger/contract.ts';
import { builtCommand, WEEK } from './built-command.ts';

const { tollgate, at, write, read } = builtCommand();

const QUESTION = `name: Mine
start: 2026-12
horizon: 12 months
traffic: {trace: traces/mine.csv, volume: {requests_per_month: 20000}}
baseline: direct
engineering: {loaded_rate: 100 USD/hour}
strategies:
  - {id: direct, kind: direct}
  - {id: margin-10, kind: managed_gateway, gateway: margin-10}
gateways:
  margin-10: {name: Margin, kind: managed, fees: {token_markup: {value: 10 %, source: test}}}
variants:
  dear: {title: At thirty per cent, source: somebody, set: {gateways.margin-10.fees.token_markup: 30 %}}
claims:
  - {id: costs, of: C2, text: <b>Margins cost</b>, source: "https://example.com/claim", claim: component_usd.margin-10.gateway_fees > 500,
     over: [{path: traffic.volume.requests_per_month, from: 1000, to: 1000000}], because: "It grows with volume. So it does.",
     wrong: [{said: 20 %, is: 10 %, source: "javascript:alert(1)"}], published: {for: [{text: yes, source: "https://example.com/a"}]}}
  - {id: costs-more, of: C2, as: corrected, variant: dear, text: Margins cost more, source: s, claim: component_usd.margin-10.gateway_fees > 1e9}
  - {text: Never mind, source: s, claim: late_fraction.direct < 1}
  - {id: ten, of: C10, text: Ten, source: s, claim: npv_usd.direct > 0}
`;

beforeAll(() => {
  for (const name of ['scenarios', 'scenarios/traces', 'scenarios/routers', 'broken', 'empty']) mkdirSync(at(name));
  write('scenarios/traces/mine.csv', WEEK);
  write('scenarios/traces/no-scenario.yaml', 'claims: [1');
  write('scenarios/routers/router.yaml', 'strategies: {}\nclaims: [1]');
  write('scenarios/question.yaml', QUESTION);
});

describe('tollgate claims', () => {
  it('judges what lies below ./scenarios, tells it in the order of the ledger and writes three files', () => {
    const { status, stdout, stderr } = tollgate('claims');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.indexOf('C2')).toBeLessThan(stdout.indexOf('C10'));
    expect(stdout).toMatch(/C2 .*Margins cost.*Fails/);
    expect(stdout).toContain('3 statements: 1 holds, 1 fails, 1 unknown. 2 evaluations.');
    expect(stdout.trim().split('\n').at(-1)).toBe(path.join('reports', 'claims.html'));
    const ledger = ledgerContract.parse(JSON.parse(read('reports/claims.json')));
    expect(ledger.statements.map(({ number, verdict }) => [number, verdict])).toEqual([
      ['C2', 'fails'],
      ['C10', 'holds'],
      [null, 'unknown'],
    ]);
    expect(ledger.runs.map(({ variant, command }) => [variant?.id, command])).toEqual([
      [undefined, 'tollgate run scenarios/question.yaml'],
      ['dear', 'tollgate run scenarios/question.yaml --variant dear'],
    ]);
    expect(read('reports/claims.md')).toContain('## C2: &lt;b&gt;Margins cost&lt;/b&gt;');
  });

  it('puts text on the page as text, links to the web alone, and needs nothing else', () => {
    const page = read('reports/claims.html');
    expect(page).toContain('&lt;b&gt;Margins cost&lt;/b&gt;');
    expect(page).toContain('href="https://example.com/claim"');
    expect(page).toContain('href="https://example.com/a"');
    expect(page).not.toMatch(/href="javascript|<link|<img/i);
    expect(page.match(/<script/gi)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page.match(/<svg role="img" aria-labelledby="claim-0-title claim-0-desc"/g)).toHaveLength(1);
    expect(page).toContain('It grows with volume.');
  });

  it('writes the same bytes again', () => {
    const before = read('reports/claims.json');
    tollgate('claims', '--out', 'again', '--threads', '1');
    expect(read('again/claims.json')).toBe(before);
    expect(read('again/claims.html')).toBe(read('reports/claims.html'));
  });

  it('takes some statements alone, and names the nearest where there is none', () => {
    const { stdout } = tollgate('claims', '--only', 'C10', '--json');
    expect(ledgerContract.parse(JSON.parse(stdout)).claims.map(({ id }) => id)).toEqual(['ten']);
    const { status, stderr } = tollgate('claims', '--only', 'C11');
    expect(status).toBe(2);
    expect(stderr).toContain('--only C11: no scenario below scenarios has a claim of that number (did you mean "C10"');
  });

  it('exits with 1 where a claim is unknown and that was asked for', () => {
    expect(tollgate('claims', '--fail-on', 'unknown', '--out', 'gate').status).toBe(1);
    expect(tollgate('claims', '--fail-on', 'unknown', '--only', 'C10', '--out', 'gate').status).toBe(0);
  });

  it('tells a scenario that can’t be read with file and line, judges the rest, and exits with 2', () => {
    write('broken/good.yaml', QUESTION.replaceAll('traces/mine.csv', '../scenarios/traces/mine.csv'));
    write('broken/wrong.yaml', QUESTION.replace('kind: direct}', 'kind: dirct}'));
    write('broken/yaml.yaml', 'name: [');
    const { status, stderr, stdout } = tollgate('claims', 'broken', '--out', 'out');
    expect(status).toBe(2);
    expect(stderr).toContain(`${path.join('broken', 'wrong.yaml')}:8 strategies[0].kind`);
    expect(stderr).toContain(`${path.join('broken', 'yaml.yaml')}:1`);
    expect(stdout).toContain('3 statements');
    expect(read('out/claims.html')).toContain('Not judged');
  });

  it('says so where there is nothing', () => {
    const { status, stderr } = tollgate('claims', 'nowhere');
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'nowhere: there is no such folder or file\n' });
    expect(tollgate('claims', 'empty').stderr).toContain('no scenario below it makes claims');
  });
});

describe('--variant', () => {
  it('of run puts the report into a folder of its own, with title, note and command', () => {
    const { status, stdout } = tollgate(
      'run',
      'scenarios/question.yaml',
      '--variant',
      'dear',
      '--draws',
      '0',
      '--quiet',
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${path.join('reports', 'mine-dear', 'report.html')}\n` });
    const report = JSON.parse(read('reports/mine-dear/report.json'));
    expect(report.scenario.name).toBe('Mine: At thirty per cent');
    expect(report.scenario.notes).toEqual(['Variant dear: At thirty per cent (somebody)']);
    expect(report.provenance.command).toBe('tollgate run scenarios/question.yaml --variant dear --draws 0');
    expect(report.claims.map(({ id, of }: { id: string; of: string }) => [id, of])).toEqual([['costs-more', 'C2']]);
  });

  it('of sweep and run is refused with the nearest name', () => {
    for (const command of [['run'], ['sweep', '--list']]) {
      const { status, stderr } = tollgate(...command, 'scenarios/question.yaml', '--variant', 'deer');
      expect(status).toBe(2);
      expect(stderr).toContain('has no variant "deer" (did you mean "dear"?); it has dear');
    }
  });
});
