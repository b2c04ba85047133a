/** Correlations, draws, and distributions that are none: what is wrong with them, told with their paths. */
import { describe, expect, it } from 'vitest';
import { correlationsAskedFor, drawsAskedFor } from '../../src/scenario/draws-asked-for.ts';
import type { Question } from '../../src/scenario/resolve.ts';
import { book } from '../costs/fixture.ts';
import { problemsOf } from '../problems.ts';
import { questionOf } from './question.ts';

const question = (own: object): Question =>
  questionOf(
    {
      traffic: { trace: 'none.csv', volume: { growth: '1 %/month to 3 %/month' } },
      inputs: { team: '4 to 9', salary: '120000 to 160000 USD/year', fixed: 3, sum: '= team + fixed' },
      ...own,
    },
    book,
  );
const told = (own: object): string[] => problemsOf(() => question(own));

const pairs = (...all: readonly (readonly [string, string, number])[]): object => ({
  correlations: { pairs: all.map(([a, b, rank]) => ({ between: [a, b], rank })) },
});

describe('correlations', () => {
  it('are between inputs of every kind: stated, named, of the price book, defaults', () => {
    const own = pairs(
      ['inputs.team', 'traffic.volume.growth', 0.6],
      ['inputs.salary', 'engineering.effort.fallback.build', -0.3],
      ['outages.recovered_later', 'traffic.peak_to_mean', 1],
    );
    const { scenario } = question(own);
    expect(scenario.correlations).toMatchObject({ method: 'iman_conover' });
    const paths = scenario.correlations!.pairs.flatMap(({ between }) => between);
    const { correlations, correlate_by, left_out } = correlationsAskedFor(scenario, paths.slice(0, 4));
    expect(correlate_by).toBe('iman-conover');
    expect(correlations).toEqual([
      { between: ['inputs.team', 'traffic.volume.growth'], rank_correlation: 0.6 },
      { between: ['inputs.salary', 'engineering.effort.fallback.build'], rank_correlation: -0.3 },
    ]);
    expect(left_out.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'correlations.pairs[2]: outages.recovered_later and traffic.peak_to_mean: no cost depends on it, so that this correlation changes nothing',
    ]);
  });

  it('that can’t hold together are told by their pairs, before any traffic is read', () => {
    const three = ['inputs.team', 'inputs.salary', 'traffic.volume.growth'] as const;
    const own = pairs([three[0], three[1], 0.9], [three[0], three[2], 0.9], [three[1], three[2], -0.9]);
    const [message, ...more] = told(own);
    expect(more).toEqual([]);
    expect(message).toMatch(
      /^correlations\.pairs\[0\]: these rank correlations can't hold together: inputs\.salary with/,
    );
    expect(message).toMatch(/the largest change is 0\.\d+/);
  });

  it.each<[name: string, own: object, message: string | RegExp]>([
    [
      '1.2',
      pairs(['inputs.team', 'inputs.salary', 1.2]),
      'correlations.pairs[0].rank: 1.2 is no rank correlation; allowed is -1 to 1',
    ],
    [
      'a name that nothing has',
      pairs(['inputs.tem', 'inputs.salary', 0.5]),
      /^correlations.pairs\[0\].between\[0\]: there is no input "inputs.tem" \(did you mean "inputs.team".*\); allowed are paths of amounts with a spread, such as /,
    ],
    [
      'a pair twice',
      pairs(['inputs.team', 'inputs.salary', 0.5], ['inputs.salary', 'inputs.team', 0.5]),
      'correlations.pairs[1].between: inputs.salary and inputs.team are correlated twice; see correlations.pairs[0]',
    ],
    [
      'an input and itself',
      pairs(['inputs.team', 'inputs.team', 0.5]),
      'correlations.pairs[0].between: "inputs.team" is correlated with itself; expected two inputs',
    ],
    [
      'a single number',
      pairs(['inputs.team', 'inputs.fixed', 0.5]),
      'correlations.pairs[0].between[1]: "inputs.fixed" is a single number, 3; it has no spread to correlate, write an interval such as 2 to 5',
    ],
    [
      'a single number with a unit',
      { ...pairs(['inputs.team', 'engineering.loaded_rate', 0.5]), engineering: { loaded_rate: 90 } },
      'correlations.pairs[0].between[1]: "engineering.loaded_rate" is a single number, 90 USD/work_hour; it has no spread to correlate, write an interval such as 2 to 5',
    ],
    [
      'a formula',
      pairs(['inputs.salary', 'inputs.sum', 0.5]),
      'correlations.pairs[0].between[1]: "inputs.sum" is computed from inputs.team, inputs.fixed; correlate those',
    ],
    [
      'a method that nobody knows',
      { correlations: { method: 'iman', pairs: [] } },
      /^correlations.method: found "iman"; allowed are iman_conover, gaussian_copula/,
    ],
    [
      'one input alone',
      { correlations: { pairs: [{ between: ['inputs.team'], rank: 0.5 }] } },
      /^correlations.pairs\[0\].between: /,
    ],
  ])('%s is told in one line', (_, own, message) => {
    const found = told(own);
    expect(found.length, found.join('\n')).toBe(1);
    if (typeof message === 'string') expect(found[0]).toBe(message);
    else expect(found[0]).toMatch(message);
  });
});

describe('draws', () => {
  it('have defaults, and can be asked for', () => {
    expect(drawsAskedFor(question({}).scenario)).toEqual({
      draws: 2000,
      method: 'latin-hypercube',
      incidents: 'sampled',
      sobol: 0,
    });
    const uncertainty = { draws: 500, method: 'sobol', incidents: 'expected', sobol_indices: 256 };
    expect(drawsAskedFor(question({ uncertainty }).scenario)).toEqual({
      draws: 500,
      method: 'sobol',
      incidents: 'expected',
      sobol: 256,
    });
  });

  it.each<[own: object, message: RegExp]>([
    [{ draws: 50 }, /^uncertainty.draws: allowed are 0 and 100 to 100000 draws$/],
    [{ draws: 200_000 }, /^uncertainty.draws: found 200000; .*100000/],
    [{ draws: 2.5 }, /^uncertainty.draws: found 2.5; expected int/],
    [{ method: 'lhs' }, /^uncertainty.method: found "lhs"; allowed are latin_hypercube, plain, sobol/],
    [{ incidents: 'none' }, /^uncertainty.incidents: found "none"; allowed are sampled, expected/],
    [{ sobol_indices: 100 }, /^uncertainty.sobol_indices: allowed are powers of two from 64 to 65536, such as 4096$/],
  ])('%j is told', (uncertainty, message) => {
    const found = told({ uncertainty });
    expect(found.length, found.join('\n')).toBe(1);
    expect(found[0]).toMatch(message);
  });
});

describe('a distribution that is none is told with what to write instead:', () => {
  const rate = (loaded_rate: unknown): object => ({ engineering: { loaded_rate } });
  it.each<[name: string, own: object, message: string]>([
    [
      'bounds the wrong way round',
      rate('5 to 2'),
      'engineering.loaded_rate: the interval runs from 5 to 2; the lower bound comes first',
    ],
    [
      'a negative bound',
      { inputs: { x: '-1 to 3' } },
      'inputs.x: the interval -1 to 3 is log-normal and needs bounds above 0; write "-1 to 3 normal" or {dist: uniform, min: -1, max: 3} or {dist: pert, min: -1, mode: …, max: 3}',
    ],
    [
      'a bound of 0',
      rate('0 to 3'),
      'engineering.loaded_rate: the interval 0 to 3 is log-normal and needs bounds above 0; write {dist: uniform, min: 0, max: 3} or {dist: pert, min: 0, mode: …, max: 3}; or "0 to 3 normal"',
    ],
    [
      'a share of more than 1',
      { outages: { common_cause: '0.5 to 1.2' } },
      'outages.common_cause: the share "0.5 to 1.2" needs bounds between 0 and 1, both exclusive; write {dist: uniform | pert | beta, …} within them',
    ],
    [
      'a share from 0',
      { outages: { common_cause: '0 to 0.2' } },
      'outages.common_cause: the share "0 to 0.2" needs bounds between 0 and 1, both exclusive; write {dist: uniform, min: 0, max: 0.2} or {dist: pert, min: 0, mode: …, max: 0.2}',
    ],
    [
      'a share of 7',
      { outages: { common_cause: 7 } },
      'outages.common_cause: 7 is out of range; allowed is between 0 and 1 (did you mean "7 %"?)',
    ],
    [
      'no spread',
      rate({ dist: 'uniform', min: 2, max: 2 }),
      'engineering.loaded_rate: {"dist":"uniform","min":2,"max":2} has no spread; write 2',
    ],
    [
      'no spread with three points',
      rate({ dist: 'pert', min: 2, mode: 2, max: 2 }),
      'engineering.loaded_rate: {"dist":"pert","min":2,"mode":2,"max":2} has no spread; write 2',
    ],
    [
      'an interval without spread',
      rate('3 to 3'),
      'engineering.loaded_rate: the interval runs from 3 to 3 and has no spread; write 3',
    ],
    [
      'three points out of order',
      rate({ dist: 'pert', min: 2, mode: 1, max: 3 }),
      'engineering.loaded_rate: min 2, mode 1, max 3 are not in order',
    ],
  ])('%s', (_, own, message) => {
    expect(told(own)).toEqual([message]);
  });
});
