/** What a scenario file takes from beside it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readScenario } from '../../src/io/read-scenario.ts';
import { book } from '../costs/fixture.ts';
import { problemsOfReading } from '../problems.ts';

const LINES = [
  'name: test',
  'start: 2026-12',
  'horizon: 12 months',
  'traffic: {trace: none.csv}',
  'baseline: direct',
  'strategies: [{id: direct, kind: direct}]',
];
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tollgate-scenario-'));
  await writeFile(path.join(folder, 'measured.csv'), 'day,rate,wait\n1,80,100\n2,90,300\n3,100,\n');
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (lines: readonly string[], sets: readonly string[] = []) => {
  const file = path.join(folder, 'scenario.yaml');
  await writeFile(file, [...LINES, ...lines].join('\n'));
  return readScenario(file, sets, book);
};
const told = (lines: readonly string[], sets: readonly string[] = []): Promise<string[]> =>
  problemsOfReading(read(lines, sets), folder);

describe('measured values of a scenario', () => {
  it('stand in a file beside it', async () => {
    const { scenario } = await read([
      'engineering: {loaded_rate: {empirical: {file: measured.csv, column: rate}}}',
      'inputs: {wait: {empirical: {file: measured.csv, column: wait, unit: ms}}}',
    ]);
    const { loaded_rate } = scenario.engineering;
    expect(loaded_rate!.spec).toEqual({ is: 'empirical', values: [80, 90, 100] });
    expect(loaded_rate!.source).toBe('measured.csv, column "rate", 3 values');
    expect(scenario.inputs.wait).toMatchObject({ unit: 'ms', central: 200 });
  });

  it('come by --set too', async () => {
    const { scenario } = await read([], ['engineering.loaded_rate={empirical: {file: measured.csv, column: rate}}']);
    expect(scenario.engineering.loaded_rate!.central).toBe(90);
  });

  it('are part of what was evaluated', async () => {
    const lines = ['engineering: {loaded_rate: {empirical: {file: measured.csv, column: rate}}}'];
    const before = await read(lines);
    await writeFile(path.join(folder, 'measured.csv'), 'day,rate,wait\n1,80,100\n2,90,300\n3,101,\n');
    const after = await read(lines);
    expect(after.sha256).toBe(before.sha256);
    expect(after.hash).not.toBe(before.hash);
  });

  it('that are not there are told with file and line', async () => {
    expect(await told(['engineering: {loaded_rate: {empirical: {file: measured.csv, column: rat}}}'])).toEqual([
      'scenario.yaml:7 engineering.loaded_rate: measured.csv:1: has no column "rat" (did you mean "rate", "day", "wait"?); found day, rate, wait',
    ]);
  });

  it('have one unit', async () => {
    expect(await told(['inputs: {x: {empirical: {file: measured.csv, column: wait, unit: ms}, unit: s}}'])).toEqual([
      'scenario.yaml:7 inputs.x.unit: states the unit of the values again; it stands beside the column',
    ]);
  });
});
