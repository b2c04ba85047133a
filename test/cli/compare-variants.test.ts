/** `tollgate compare` on the variants of a scenario, as processes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = path.resolve(import.meta.dirname, '../../dist/cli/main.js');
let folder: string;

const QUESTION = `name: Mine
start: 2026-12
horizon: 12 months
traffic: {trace: mine.csv, volume: {requests_per_month: 50000}}
baseline: direct
engineering: {loaded_rate: 80 USD/hour}
strategies:
  - {id: direct, kind: direct}
variants:
  dear:
    title: At a higher rate
    set: {engineering.loaded_rate: 200 USD/hour}
`;

const compare = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'compare', ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, stdout, stderr };
};

beforeAll(() => {
  if (!existsSync(MAIN)) throw new Error('dist/ is missing: run npm test, or npm run build before');
  folder = mkdtempSync(path.join(tmpdir(), 'tollgate-'));
  const rows = Array.from({ length: 50 }, (_, i) => `2026-11-0${1 + (i % 7)}T0${i % 10}:00:00Z,openai,gpt-4o,1000,100`);
  writeFileSync(
    path.join(folder, 'mine.csv'),
    `${['time,seller,model,input_tokens,output_tokens', ...rows].join('\n')}\n`,
  );
  writeFileSync(path.join(folder, 'question.yaml'), QUESTION);
  writeFileSync(path.join(folder, 'report.json'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('tollgate compare with variants', () => {
  it('holds a variant against the scenario that it is a variant of', () => {
    const { status, stdout, stderr } = compare('question.yaml', 'question.yaml', '--variant-after', 'dear');
    expect(stderr).not.toContain('unknown option');
    expect(status).toBe(0);
    expect(stdout).toMatch(/~ engineering\.loaded_rate +\$80\/hour -> \$200\/hour/);
  });

  it('takes one for both, as tollgate run does, and another for the second', () => {
    expect(compare('question.yaml', 'question.yaml', '--variant', 'dear').stdout).toContain('Nothing changed.');
    const { stdout } = compare(
      'question.yaml',
      'question.yaml',
      '--variant',
      'dear',
      '--set-after',
      'engineering.loaded_rate=100 USD/hour',
    );
    expect(stdout).toMatch(/~ engineering\.loaded_rate +\$200\/hour -> \$100\/hour/);
  });

  it('names the variants there are, and has none of a finished report', () => {
    const unknown = compare('question.yaml', 'question.yaml', '--variant', 'deer');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toMatch(/no variant "deer" \(did you mean "?dear/);
    const finished = compare('question.yaml', 'report.json', '--variant-after', 'dear');
    expect(finished.status).toBe(2);
    expect(finished.stderr).toContain('report.json: is a report and finished; --set, --variant and --trace change');
  });
});
