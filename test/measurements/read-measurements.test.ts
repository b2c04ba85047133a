import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { measurementsOf, readMeasurements } from '../../src/io/read-measurements.ts';
import { measurements } from '../../src/measurements/contract.ts';
import { hostile, measured } from './setting.ts';

const FILE = 'measurements.json';
const told = (value: unknown): string[] => {
  try {
    measurementsOf(typeof value === 'string' ? value : JSON.stringify(value), FILE);
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map((one) => `${one.path}: ${one.message}`);
    throw error;
  }
  return [];
};

describe('reading measurements.json', () => {
  it('gives back what was written', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'measurements-'));
    try {
      for (const found of [measured(), measured({ simulated: true, complete: false }), hostile()]) {
        expect(measurements.safeParse(found).error).toBeUndefined();
        await writeFile(path.join(folder, FILE), JSON.stringify(found, null, 2));
        expect(await readMeasurements(path.join(folder, FILE))).toEqual(found);
      }
      await expect(readMeasurements(path.join(folder, 'none.json'))).rejects.toThrow('there is no such file');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reads a file of before the ages of prices were kept', () => {
    const { prices: _, ...before } = measured();
    expect(measurementsOf(JSON.stringify(before), FILE)).toEqual({ ...before, prices: [] });
  });

  it('names a file that is something else', () => {
    expect(told('')).toEqual(['measurements.json: is empty; expected measurements.json of tollgate smoke']);
    expect(told('targets: []')[0]).toMatch(/^measurements\.json: is no JSON: /);
    expect(told([])).toEqual(['measurements.json: is no measurements.json: expected a JSON object']);
    expect(told({ schema_version: 4, recommendation: {} })[0]).toContain("it looks like a scenario's report.json");
    expect(told({ format: 'other' })[0]).toContain('expected format "tollgate-measurements", found "other"');
  });

  it('names a later version, and does not judge its members', () => {
    expect(told({ ...measured(), version: 2, more: 1, tollgate: '3.0.0' })).toEqual([
      'measurements.json: is of version 2, and this Tollgate reads version 1; read it with the one that wrote it (3.0.0) or a later one',
    ]);
  });

  it('names each wrong member by its path, with what is allowed', () => {
    const found = measured();
    const [first, ...others] = found.findings;
    const said = told({ ...found, complet: true, findings: [{ ...first, verdict: 'passed' }, ...others] }).join('\n');
    expect(said).toContain('measurements.json findings[0].verdict: ');
    expect(said).toContain('"passed"');
    expect(said).toContain('measurements.json complet: unknown key "complet" (did you mean "complete"?)');
  });

  it('tells findings and evidence of targets that are not there, and evidence that is missing', () => {
    const found = measured();
    const [first, ...others] = found.findings;
    expect(told({ ...found, findings: [{ ...first, target: 'dirct', evidence: ['direct-9999'] }, ...others] })).toEqual(
      [
        'measurements.json findings[0].target: there is no target "dirct" (did you mean "direct"?); there are direct, openrouter, litellm, portkey',
        'measurements.json findings[0].evidence[0]: there is no evidence with the id "direct-9999"',
      ],
    );
    expect(told({ ...found, targets: [...found.targets, found.targets[0]] })).toEqual([
      'measurements.json targets[4].id: two targets are called direct',
    ]);
    expect(told({ ...found, targets: found.targets.slice(1) }).at(-1)).toMatch(/and \d+ more places like these/);
  });
});
