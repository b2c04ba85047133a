/**
 * Claims on a book of round figures: acme/large costs 0.0045 USD a request, the gateway "markup" 5 % of that, the plan "flat"
 * 49 USD a month, so that both cost the same at 49 / (0.05 * 0.0045) = 217,777.78 requests a month.
 */
import { describe, expect, it } from 'vitest';
import { axisOf, variableInputs } from '../../src/claims/axes.ts';
import { checkClaims, claimsOf, type JudgedClaim } from '../../src/claims/claims-of.ts';
import { InputError } from '../../src/errors.ts';
import { COMPONENTS } from '../../src/report/contract.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { book, direct, type Input, managed, monthly, requests, run, scenario } from '../costs/fixture.ts';

const SAME_AT = 49 / (0.05 * 0.0045);
const strategies = [direct, managed('markup'), managed('plans', { plan: 'flat' })];
const VOLUME = 'traffic.volume.requests_per_month';
const MARKUP = 'gateways.markup.fees.token_markup';
const claim = (text: string, over: readonly unknown[] = [], own: Input = {}): Input => ({
  text: 'it is said',
  source: 'somebody',
  claim: text,
  over,
  ...own,
});
const setting = (claims: readonly Input[], own: Input = {}): Input => ({
  strategies,
  traffic: monthly(100_000),
  claims,
  ...own,
});
const judged = (one: Input, own: Input = {}, traffic = requests(10)): JudgedClaim =>
  claimsOf(run(setting([one], own), traffic), COMPONENTS)[0]!;
const problems = (act: () => unknown): string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
};

describe('a claim', () => {
  it('holds or fails where the scenario stands, with the figures it rests on', () => {
    const found = judged(claim('npv_usd.markup < npv_usd.plans and recommended == direct'));
    expect(found).toMatchObject({ id: 'claim-1', verdict: 'holds', here: 'holds', region: undefined });
    expect(found.evidence.map(({ name }) => name)).toEqual(['npv_usd.markup', 'npv_usd.plans', 'recommended']);
    expect(found.evidence[0]!.value).toBeCloseTo(2 * 100_000 * 0.0045 * 1.05, 6);
    expect(judged(claim('recommended != direct')).verdict).toBe('fails');
  });

  it('holds in the part of a stated range that ends where the two cost the same', () => {
    const found = judged(claim('npv_usd.markup < npv_usd.plans', [{ path: VOLUME, from: 100_000, to: 400_000 }]));
    expect(found.verdict).toBe('holds_where');
    expect(found.region!.share_fraction).toBeCloseTo((SAME_AT - 100_000) / 300_000, 6);
    expect(found.region!.boundary[0]!.x).toBeCloseTo(SAME_AT, 2);
  });

  it('holds below a curve of two inputs', () => {
    const found = judged(
      claim('npv_usd.markup < npv_usd.plans', [
        { path: VOLUME, from: 100_000, to: 400_000 },
        { path: MARKUP, from: '2 %', to: '10 %' },
      ]),
    );
    const product = 49 / 0.0045;
    const kink = product / 400_000;
    const area = kink - 0.02 + (product * Math.log(0.1 / kink) - 100_000 * (0.1 - kink)) / 300_000;
    expect(found.region!.share_fraction).toBeCloseTo(area / 0.08, 3);
    for (const { x, y } of found.region!.boundary) expect(x * y!).toBeCloseTo(product, 2);
  });

  it('takes the P5 and P95 of an input for its range where none is stated', () => {
    const traffic = { trace: 'none.csv', volume: { requests_per_month: '100000 to 400000' } };
    const found = judged(claim('npv_usd.markup < npv_usd.plans', [VOLUME]), { traffic });
    expect(found.over[0]).toMatchObject({ range: 'distribution' });
    expect(found.over[0]!.from).toBeCloseTo(100_000, 3);
    expect(found.over[0]!.to).toBeCloseTo(400_000, 3);
  });

  it('is unknown where usage has no price, and past published prices', () => {
    const unpriced = [...requests(9), ...requests(1, { model: 'nobody' })];
    expect(judged(claim('npv_usd.direct > 0'), {}, unpriced).verdict).toBe('unknown');
    expect(judged(claim('recommended == direct'), {}, unpriced).verdict).toBe('unknown');
    const past = judged(claim('npv_usd.plans > 0', [{ path: VOLUME, from: 1_000_000, to: 5_000_000 }]), {
      strategies: [direct, managed('plans', { plan: 'pro' })],
    });
    expect(past.verdict).toBe('holds_where');
    expect(past.region!.unknown_fraction).toBeCloseTo(0.5, 6);
    expect(past.region!.boundary[0]).toMatchObject({ below: 'holds', above: 'unknown' });
  });

  it('decides on optional needs anew at each value: an hour that spares 200 USD is worth up to 200 USD', () => {
    const own = {
      needs: { budgets: { need: 'optional', absence: 100 } },
      engineering: { loaded_rate: 100, effort: { budgets: { build: 1, upkeep: 0 } } },
      strategies: [direct],
    };
    const hours = 'component_usd.direct.engineering / input.engineering.loaded_rate';
    const [cost, rate] = judged(claim(`${hours} > 0`), own).evidence.map(({ value }) => value as number);
    const found = judged(
      claim(`${hours} > ${cost! / rate! - 1e-6}`, [{ path: 'engineering.loaded_rate', from: 50, to: 1000 }]),
      own,
    );
    expect(found.region!.boundary.map(({ below, above }) => [below, above])).toEqual([['holds', 'fails']]);
    expect(found.region!.boundary[0]!.x).toBeCloseTo(200, 2);
  });

  it('tells never for a break-even that is not reached, and 0 for one from the first month on', () => {
    expect(judged(claim('break_even_month.markup.direct > 24')).evidence[0]!.value).toBe(Number.POSITIVE_INFINITY);
    expect(judged(claim('break_even_month.direct.markup > 24')).evidence[0]!.value).toBe(0);
    expect(judged(claim('ahead_from_month.direct.markup == 1')).verdict).toBe('holds');
    expect(judged(claim('ahead_from_month.markup.direct <= 24')).verdict).toBe('fails');
  });
});

describe('a claim that is wrong', () => {
  const loaded = (own: Input) => resolveScenario(scenario(setting([own])), book);
  const names = (own: Input): string[] => problems(() => checkClaims(loaded(own).scenario, COMPONENTS, 'x.yaml'));

  it('is refused where it is read, with its path', () => {
    const found = problems(() => loaded(claim('zeros(1e9) == 1')));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^claims\[0\]\.claim: "zeros\(1e9\) == 1" the function "zeros" is not allowed/);
    expect(problems(() => loaded(claim('npv_usd.direct > 1', [], { clam: 1 })))[0]).toContain('unknown key "clam"');
    expect(problems(() => loaded(claim('1 < 2', [VOLUME, MARKUP, VOLUME])))[0]).toMatch(/^claims\[0\]\.over/);
  });

  it('is told the nearest names before any traffic is read', () => {
    expect(names(claim('npv_usd.markdown > 1'))[0]).toMatch(
      /^x\.yaml claims\[0\]\.claim: there is no figure "npv_usd.markdown" \(did you mean "npv_usd.markup"/,
    );
    expect(names(claim('component_usd.direct.token_charge > 1'))[0]).toContain('component_usd.direct.token_charges');
    expect(names(claim('npv_usd.constructor > 1', [], { claim: 'npv_usd.toString > 1' }))[0]).toContain('no figure');
    expect(names(claim('recommended == nobody'))[0]).toContain('there is no strategy "nobody"');
    expect(names(claim('input.anything > 1'))).toEqual([]);
  });

  it('may not rest on what only a finished report knows', () => {
    expect(names(claim('p95_usd.direct > 1'))[0]).toContain('is known of a finished report alone');
    expect(names(claim('unpriced == 0'))[0]).toContain('--fail-if');
  });

  it('is told all that is wrong with its inputs at once', () => {
    const found = problems(() =>
      claimsOf(
        run(
          setting([
            claim('input.engineering.loaded_rat > 1', [{ path: VOLUME, from: 5, to: 4 }]),
            claim('1 < 2', ['engineering.loaded_rat', VOLUME], { id: 'mine' }),
          ]),
        ),
        COMPONENTS,
      ),
    );
    expect(found).toHaveLength(4);
    expect(found[0]).toContain('"input.engineering.loaded_rate"');
    expect(found[1]).toMatch(/^claims\[0\]\.over\[0\]: the range of .* it has to rise$/);
    expect(found[2]).toMatch(/^claims\.mine\.over\[0\]: the model has no input .*engineering\.loaded_rate/);
    expect(found[3]).toContain('has one value, 100000; say from where to where it may vary');
  });

  it('has an id of its own', () => {
    const twice = resolveScenario(
      scenario(setting([claim('1 < 2', [], { id: 'a' }), claim('1 < 2', [], { id: 'a' })])),
      book,
    );
    expect(problems(() => checkClaims(twice.scenario, COMPONENTS))[0]).toContain('the id "a" is used twice');
  });
});

describe('an axis', () => {
  const { model } = run(setting([], { needs: { budgets: 'optional' } })).prepared;

  it('reads quantities in the unit of the input', () => {
    const axis = axisOf(model, 'engineering.loaded_rate', { from: '70 USD/hour', to: 120 }, 'here');
    expect(axis).toMatchObject({ from: 70, to: 120, range: 'stated' });
    expect(problems(() => axisOf(model, MARKUP, { from: '3 days', to: 1 }, 'here'))[0]).toMatch(/^here from: /);
  });

  it('has a usual range where asked for', () => {
    expect(axisOf(model, VOLUME, {}, 'here', true)).toMatchObject({ from: 10_000, to: 1_000_000, range: 'usual' });
    expect(axisOf(model, MARKUP, {}, 'here', true)).toMatchObject({ from: 0, to: 0.5 });
  });

  it('is never a need, which is decided', () => {
    const path = 'strategies.direct.builds.budgets';
    expect(model.inputs.map((input) => input.path)).toContain(path);
    expect(variableInputs(model).map((input) => input.path)).not.toContain(path);
    expect(problems(() => axisOf(model, path, { from: 0, to: 1 }, 'here'))[0]).toContain('decided anew');
  });
});
