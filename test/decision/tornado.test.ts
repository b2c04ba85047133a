import { describe, expect, it } from 'vitest';
import { type TornadoDesign, tornado } from '../../src/decision/tornado.ts';

/** Own gateway: 1,500 a month to run; managed: a fee on spend. Quantity: own minus managed, a month. */
const design = (changes: Partial<TornadoDesign> = {}): TornadoDesign => ({
  ids: ['own', 'managed'],
  inputs: [
    { id: 'spend', p10: 20_000, central: 50_000, p90: 60_000 },
    { id: 'fee', p10: 0.05, central: 0.055, p90: 0.06 },
    { id: 'run', p10: 1_000, central: 1_500, p90: 2_000 },
  ],
  evaluate: ([spend, fee, run]) => Float64Array.of(run!, spend! * fee!),
  quantity: ([own, managed]) => own! - managed!,
  ...changes,
});

describe('a tornado', () => {
  it('sorts by swing and keeps the input values on each bar', () => {
    const found = tornado(design());
    expect(found).toMatchObject({ base: 1_500 - 2_750, best: 'own', evaluations: expect.any(Number) });
    expect(found.bars.map(({ id, swing }) => [id, swing])).toEqual([
      ['spend', expect.closeTo(2_200, 9)],
      ['run', 1_000],
      ['fee', expect.closeTo(500, 9)],
    ]);
    expect(found.bars[0]).toMatchObject({
      low: { input: 20_000, quantity: expect.closeTo(400, 9), best: 'managed' },
      high: { input: 60_000, quantity: expect.closeTo(-1_800, 9), best: 'own' },
      is_monotone: true,
    });
  });

  it('gives the input value at which the best strategy changes: 1,500 / 5.5 %', () => {
    const [spend, run, fee] = tornado(design()).bars;
    expect(spend!.low.flip).toEqual({ input: expect.closeTo(1_500 / 0.055, 4), from: 'own', to: 'managed' });
    expect(spend!.high.flip).toBeNull();
    expect([run!.low.flip, run!.high.flip, fee!.low.flip, fee!.high.flip]).toEqual([null, null, null, null]);
  });

  it('names the strategy that takes over at the flip, even if a third is best at the end', () => {
    const found = tornado({
      ids: ['flat', 'middle', 'steep'],
      inputs: [{ id: 'x', p10: 0, central: 0, p90: 10 }],
      evaluate: ([x]) => [0, 2 - x!, 12 - 3 * x!],
      quantity: (costs) => costs[0]!,
    });
    expect(found.bars[0]!.high).toMatchObject({ best: 'steep', flip: { input: expect.closeTo(2, 6), to: 'middle' } });
  });

  it('marks an input of which both ends lie on the same side of the base', () => {
    const found = tornado({
      ids: ['a', 'b'],
      inputs: [{ id: 'x', p10: -2, central: 0, p90: 1 }],
      evaluate: ([x]) => [x! ** 2, 100],
      quantity: (costs) => costs[0]!,
    });
    expect(found.bars[0]).toMatchObject({ is_monotone: false, swing: 4 });
  });

  it('an input that decides nothing has no swing and stands last', () => {
    const idle = { id: 'idle', p10: 1, central: 2, p90: 3 };
    const found = tornado(
      design({ inputs: [idle, ...design().inputs], evaluate: ([, ...rest]) => design().evaluate(rest) }),
    );
    expect(found.bars.at(-1)).toMatchObject({ id: 'idle', swing: 0, is_monotone: true });
  });

  it('a tie keeps the strategy that is best at central values', () => {
    const found = tornado({
      ids: ['a', 'b'],
      inputs: [{ id: 'x', p10: 0, central: 1, p90: 2 }],
      evaluate: ([x]) => [2 - x!, 2 - x! + (x! > 0 ? 1 : 0)],
      quantity: (costs) => costs[0]!,
    });
    expect(found.bars[0]!.low).toMatchObject({ best: 'a', flip: null });
    const turned = tornado({
      ids: ['b', 'a'],
      inputs: [{ id: 'x', p10: 0, central: 1, p90: 2 }],
      evaluate: ([x]) => [2 - x! + (x! > 0 ? 1 : 0), 2 - x!],
      quantity: (costs) => costs[0]!,
    });
    expect(turned.bars[0]!.low).toMatchObject({ best: 'a', flip: null });
  });

  it('refuses ends that do not lie around the central value', () => {
    expect(() => tornado(design({ inputs: [{ id: 'spend', p10: 5, central: 4, p90: 6 }] }))).toThrow(
      'spend has P10 5, central value 4 and P90 6',
    );
  });

  it('refuses a cost that is not known', () => {
    expect(() => tornado(design({ evaluate: ([spend]) => [1, spend! < 30_000 ? Number.NaN : 2] }))).toThrow(
      'managed costs NaN at spend = 20000',
    );
    expect(() => tornado(design({ evaluate: () => [1] }))).toThrow('1 costs of 2 strategies at central values');
  });
});
