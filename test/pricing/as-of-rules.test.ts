/** At which date each price is looked up, on the way from a trace or a scenario to a cost. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { inspectTrace } from '../../src/cli/trace-inspection.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { amounts, requests, run, book as small } from '../costs/fixture.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tollgate-dates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function cost(rows: string, options: { as?: string; at?: string } = {}) {
  const file = path.join(folder, 'trace.csv');
  writeFileSync(file, `time,seller,model,input_tokens,output_tokens\n${rows}`);
  return (await inspectTrace(file, await readPriceBook(), options)).inspection;
}

describe('a trace as it was', () => {
  test('a row that names its model is priced at its own time, whatever --at says', async () => {
    const rows = '2025-06-09T12:00:00Z,openai,o3,1000000,0\n2025-06-10T12:00:00Z,openai,o3,1000000,0\n';
    expect((await cost(rows)).cost_usd).toBe(12);
    expect((await cost(rows, { at: '2026-09-01' })).cost_usd).toBe(12);
  });

  test('an assigned model is priced at --at, else at the newest date of the book', async () => {
    const rows = '2025-06-10T12:00:00Z,,,1000000,0\n';
    expect((await cost(rows, { as: 'openai/o3', at: '2025-06-09' })).cost_usd).toBe(10);
    const newest = await cost(rows, { as: 'openai/o3' });
    expect(newest).toMatchObject({ cost_usd: 2, prices_on: '2026-09-18' });
  });

  test('past a confirmed end the last price goes on, and the announced one is shown', async () => {
    const seen = await cost('2027-02-01T12:00:00Z,google,gemini-3.6-flash,1000000,0\n');
    expect(seen.cost_usd).toBe(0.75);
    expect(seen.warnings.join()).toContain('announced from 2027-01-01: input 1.5');
  });
});

describe('a projected month', () => {
  const traffic = { trace: 'none.csv', models: { default: 'acme/stepped' }, volume: { requests_per_month: 1000 } };
  const own = { start: '2027-01', traffic };
  const unnamed = requests(10, { seller: undefined, model: undefined, output_tokens: 0 });

  test('has the prices of that month', () => {
    expect(amounts(run(own, unnamed), 'direct', 'Input tokens')).toEqual([10, 5]);
  });

  test('counts the age of a price to the start, never to today', () => {
    const stale = (start: string) =>
      run({ ...own, start }, unnamed).diagnostics.filter(({ code }) => code === 'PRICE_STALE');
    expect(stale('2027-01')).toEqual([]);
    expect(stale('2027-03')).toMatchObject([{ path: 'acme/stepped', message: expect.stringContaining('212 days') }]);
  });
});

describe('names that a rule resolved stand in the report', () => {
  const told = (evaluation: ReturnType<typeof run>) =>
    evaluation.diagnostics
      .filter(({ code }) => code === 'MODEL_BY_RULE')
      .map(({ path: name, message }) => `${name} ${message}`);

  test('those of a trace', () => {
    expect(told(run({}, requests(3, { model: 'LARGE' })))).toEqual([
      'acme/LARGE is priced as acme/large, resolved by rule: one id differs in upper and lower case alone',
    ]);
    expect(told(run({}))).toEqual([]);
  });

  test('those of the scenario', () => {
    const traffic = { trace: 'none.csv', models: { default: 'acme/large-latest' } };
    expect(told(run({ traffic }, requests(3, { seller: undefined, model: undefined }), small))).toEqual([
      'acme/large-latest is priced as acme/large, resolved by rule: an alias on the card',
    ]);
  });
});
