/** Variants: the same question at other figures, told where it is wrong at the variant's own line. */
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
  'traffic: {trace: none.csv, volume: {requests_per_month: 1000}}',
  'baseline: direct',
  'strategies: [{id: direct, kind: direct}]',
  'engineering: {loaded_rate: 100 USD/hour}',
];
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tollgate-variants-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (lines: readonly string[], variant?: string, sets: readonly string[] = []) => {
  const file = path.join(folder, 'scenario.yaml');
  await writeFile(file, [...LINES, ...lines].join('\n'));
  return readScenario(file, sets, book, variant);
};
const told = (...asked: Parameters<typeof read>): Promise<string[]> => problemsOfReading(read(...asked), folder);

const DEAR =
  'variants: {dear: {title: At twice the rate, source: finance, set: {engineering.loaded_rate: 200 USD/hour}}}';

describe('a variant', () => {
  it('puts its values over those of the scenario, and --set over its own', async () => {
    const rate = async (...asked: Parameters<typeof read>) =>
      (await read(...asked)).scenario.engineering.loaded_rate!.central;
    expect(await rate([DEAR])).toBe(100);
    expect(await rate([DEAR], 'dear')).toBe(200);
    expect(await rate([DEAR], 'dear', ['engineering.loaded_rate=300 USD/hour'])).toBe(300);
  });

  it('is told in name and notes, and has a hash of its own', async () => {
    const [base, dear] = [await read([DEAR]), await read([DEAR], 'dear')];
    expect(dear.scenario.name).toBe('test: At twice the rate');
    expect(dear.scenario.notes).toEqual(['Variant dear: At twice the rate (finance)']);
    expect(dear.variant).toEqual({ id: 'dear', title: 'At twice the rate', of: 'test' });
    expect(base.variant).toBeUndefined();
    expect(dear.hash).not.toBe(base.hash);
    expect(dear.sha256).toBe(base.sha256);
  });

  it('is judged by its own claims alone', async () => {
    const claim = (id: string, more = '') => `{id: ${id}, text: x, source: y, claim: "npv_usd.direct > 0"${more}}`;
    const claims = `claims: [${claim('own')}, ${claim('other', ', variant: dear')}]`;
    const ids = async (variant?: string) => (await read([DEAR, claims], variant)).scenario.claims.map(({ id }) => id);
    expect(await ids()).toEqual(['own']);
    expect(await ids('dear')).toEqual(['other']);
  });

  it('that is not there is told with the nearest name, on the command line and in a claim', async () => {
    expect(await told([DEAR], 'deer')).toEqual([
      '--variant deer: scenario.yaml has no variant "deer" (did you mean "dear"?); it has dear',
    ]);
    expect(await told([], 'deer')).toEqual(['--variant deer: scenario.yaml has no variant "deer"; it has none']);
    expect(await told([DEAR, 'claims: [{text: x, source: y, claim: "npv_usd.direct > 0", variant: deer}]'])).toEqual([
      'scenario.yaml:9 claims[0].variant: there is no variant "deer" (did you mean "dear"?); known are dear',
    ]);
  });

  const broken = (set: string) => ['variants:', '  dear:', '    title: Dear', '    set:', `      ${set}`];
  it.each([
    [
      'strategies.dirct.library: x',
      'scenario.yaml:12 variants.dear.set.strategies.dirct.library: the list has no "dirct"; it has direct',
    ],
    [
      'enginering.loaded_rate: 3',
      /^scenario.yaml:12 variants.dear.set.enginering.loaded_rate: unknown key "enginering" \(did you mean "engineering"/,
    ],
    [
      'engineering.loaded_rat: 3',
      /^scenario.yaml:12 variants.dear.set.engineering.loaded_rat: unknown key "loaded_rat" \(did you mean "loaded_rate"/,
    ],
    ['engineering.loaded_rate: 3 apples', /^scenario.yaml:12 variants.dear.set.engineering.loaded_rate: /],
    [
      'traffic.models.default: acme/larg',
      /^scenario.yaml:12 variants.dear.set.traffic.models.default: "acme\/larg" is not/,
    ],
    ['a..b: 1', 'scenario.yaml:12 variants.dear.set.a..b: the list'],
    ['__proto__.x: 1', 'scenario.yaml:12 variants.dear.set.__proto__.x: this path is not allowed'],
  ])('with a wrong path or value is told at its line, whichever variant runs: %s', async (set, expected) => {
    for (const variant of [undefined, 'dear']) {
      const [first, ...more] = await told(broken(set), variant);
      expect(more).toEqual([]);
      if (typeof expected === 'string' && !expected.includes('a..b')) expect(first).toBe(expected);
      else if (typeof expected !== 'string') expect(first).toMatch(expected);
      else expect(first).toContain('variants.dear.set.a..b');
    }
  });

  it('sets at least one path', async () => {
    expect(await told(['variants: {dear: {title: Dear, set: {}}}'])).toEqual([
      'scenario.yaml:8 variants.dear.set: a variant sets at least one path',
    ]);
  });
});
