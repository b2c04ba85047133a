/** The starter scenarios: each runs, is priced throughout, and comes to what its README says. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluate.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTraffic } from '../../src/io/read-traffic.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { SITUATIONS } from '../../src/starters/situations.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../scenarios/starters');
const README = readFileSync(path.join(FOLDER, 'README.md'), 'utf8');
const MOST_LINES = 120;

const told = [...README.matchAll(/^\| \[([\w-]+)\]\(([\w-]+\.yaml)\) \|.*?\| `([\w-]+)` \|/gm)].map(
  ([, id, file, cheapest]) => ({ id: id!, file: file!, cheapest: cheapest! }),
);
let book: PriceBook;
beforeAll(async () => {
  book = await readPriceBook();
});

it('there is one for each situation of `init`, and each stands in the README', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
  const ids = SITUATIONS.map(({ id }) => id).sort();
  expect(files.sort()).toEqual(ids.map((id) => `${id}.yaml`));
  expect(told.map(({ id }) => id).sort()).toEqual(ids);
});

describe.each(told)('$id', ({ file, cheapest }) => {
  it(`comes to ${cheapest}`, async () => {
    const name = path.join(FOLDER, file);
    const question = await readScenario(name, [], book);
    const traffic = await readTraffic(question.scenario, name, book);
    const evaluation = evaluate(question, traffic.usage, book, traffic.replays);
    expect(evaluation.recommendation?.strategy).toBe(cheapest);
    expect(evaluation.prepared.quotes.unpriced.size).toBe(0);
    expect(traffic.rejected).toBe(0);
    expect(evaluation.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(question.scenario.notes.length).toBeGreaterThan(0);
  });

  it('is short, names its schema and says what to change first', () => {
    const lines = readFileSync(path.join(FOLDER, file), 'utf8').split('\n');
    expect(lines.length).toBeLessThanOrEqual(MOST_LINES);
    expect(lines[0]).toBe('# yaml-language-server: $schema=../../scenario.schema.json');
    expect(lines[1]).toMatch(/^# Change first: /);
  });
});
