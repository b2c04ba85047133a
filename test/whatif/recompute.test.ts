import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { breakEvens } from '../../src/analysis/break-even.ts';
import { howSure } from '../../src/uncertainty/how-sure.ts';
import { whatIfOf } from '../../src/whatif/build.ts';
import { Recomputer } from '../../src/whatif/recompute.ts';
import { setFlags } from '../../src/whatif/set-flags.ts';
import type { Driver, WhatIf } from '../../src/whatif/what-if.ts';
import { direct, managed, monthly, run } from '../costs/fixture.ts';
import { settingOf } from './setting.ts';

const support = settingOf('support-chatbot.yaml');
const searched = settingOf('support-chatbot.yaml', [
  'strategies.start-then-leave.phases.0.for=best',
  'contracts.mistral={commitment_usd_per_month: best, discount: 20 %}',
]);
const driverOf = ({ drivers }: WhatIf, path: string): Driver => drivers.find((driver) => driver.path === path)!;

describe('what a page is given', () => {
  it('is plain JSON of less than 300 kB, which reads back as it was', async () => {
    const { whatIf, evaluation } = await support;
    expect(JSON.stringify(whatIf).length).toBeLessThan(300_000);
    expect(JSON.parse(JSON.stringify(whatIfOf(evaluation)))).toEqual(whatIf);
    expect(JSON.stringify(whatIf)).not.toContain('null,null');
  });

  it('holds what people argue about, each with a range around its central value', async () => {
    const { whatIf } = await support;
    const paths = whatIf.drivers.map(({ path }) => path);
    for (const path of [
      'traffic.volume.requests_per_month',
      'traffic.volume.growth',
      'gateways.markup-15.fees.token_markup',
      'gateways.openrouter.fees.token_markup',
      'engineering.loaded_rate',
      'outages.hours_factor',
      'value.per_request',
      'price_factor',
      'discount_rate',
      'needs.fallback',
      'needs.guardrails',
    ])
      expect(paths).toContain(path);
    for (const { path, least, central, most, plain, label } of whatIf.drivers) {
      expect(least <= central && central <= most && least < most, path).toBe(true);
      expect(plain.endsWith('.') && label !== path, path).toBe(true);
    }
    expect(driverOf(whatIf, 'traffic.volume.requests_per_month').scale).toBe('log');
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('tells what is held, and why', async () => {
    const { whatIf } = await support;
    expect(whatIf.held.map(({ what }) => what)).toContain('Prices of single models');
    const replayed = await settingOf('fallback-cache-and-batch.yaml');
    expect(replayed.whatIf.held.some(({ what }) => what.includes('plain, built, openrouter'))).toBe(true);
  });

  it('gives no switch to what is built already or what everybody brings', async () => {
    const { whatIf } = await settingOf('support-chatbot.yaml', ['already_built=[guardrails]']);
    expect(whatIf.drivers.map(({ path }) => path)).not.toContain('needs.guardrails');
  });
});

describe('recomputing', () => {
  it('builds what is switched on, with its upkeep and its effect on outages', async () => {
    const { recomputer } = await support;
    const [off, on] = [recomputer.run({}), recomputer.run({ 'needs.fallback': 1 })];
    const ofDirect = ({ alternatives }: typeof on) => alternatives.find(({ id }) => id === 'direct')!;
    expect(ofDirect(off).choices.find(({ subject }) => subject === 'fallback')).toMatchObject({ is_built: false });
    expect(ofDirect(on).by_component.outages!).toBeLessThan(0.1 * ofDirect(off).by_component.outages!);
    expect(ofDirect(on).monthly_usd[0]! - ofDirect(off).monthly_usd[0]!).toBeGreaterThan(3000);
    expect(ofDirect(on).choices.map(({ subject }) => subject)).toEqual(['attribution']);
  });

  it('takes decisions anew: what is worth building is built', async () => {
    const { recomputer } = await support;
    const { alternatives } = recomputer.run({
      'traffic.volume.requests_per_month': 955_000,
      'value.per_request': 0.2,
      'outages.hours_factor': 5,
      'engineering.loaded_rate': 35,
    });
    const own = alternatives.find(({ id }) => id === 'direct')!;
    expect(own.choices.find(({ subject }) => subject === 'fallback')).toMatchObject({ is_built: true });
  });

  it('changes over in another month and commits to another level where that is better', async () => {
    const { recomputer } = await searched;
    const found = (settings: Record<string, number>) => {
      const { alternatives } = recomputer.run(settings);
      const choices = alternatives.flatMap((one) => one.choices);
      return {
        month: choices.flatMap((one) => (one.decision === 'change_over' ? one.month : [])),
        level: choices.flatMap((one) => (one.decision === 'commitment' ? one.usd_per_month : [])),
        comes_to: alternatives.find(({ id }) => id === 'start-then-leave')!.comes_to,
      };
    };
    const many = { 'traffic.volume.requests_per_month': 955_000, 'traffic.volume.growth': 0.07 };
    const [few, more] = [found({}), found({ ...many, 'gateways.openrouter.fees.token_markup': 0.15 })];
    expect(few.level.every((level) => level > 0)).toBe(true);
    expect(Math.max(...more.level)).toBeGreaterThan(5 * Math.max(...few.level));
    expect([few.month, few.comes_to]).toEqual([[24], 'openrouter']);
    expect(more.month[0]).toBeLessThan(24);
  });

  it('refuses a path that is no driver, and bears no grudge', async () => {
    const { recomputer } = await support;
    expect(() => recomputer.run({ 'engineering.loaded_rat': 1 })).toThrow('"engineering.loaded_rat" is no driver');
    expect(recomputer.run({}).recommendation?.strategy).toBe('openrouter');
  });

  it('leaves a strategy out past the volume up to which its prices are published', () => {
    const evaluation = run({ strategies: [direct, managed('plans')], traffic: monthly(100_000) });
    const recomputer = new Recomputer(JSON.parse(JSON.stringify(whatIfOf(evaluation))) as WhatIf);
    const past = recomputer.run({ 'traffic.volume.requests_per_month': 4_000_000 }).alternatives[1]!;
    expect(past).toMatchObject({ npv_usd: null, cash_npv_usd: null });
    expect(past.excluded).toContain('no published price past this volume');
    expect(recomputer.run({}).alternatives[1]!.excluded).toBeUndefined();
  });
});

describe('break-even of an outcome', () => {
  it('is the report’s at the scenario’s own values', async () => {
    const { recomputer, evaluation } = await support;
    for (const expected of evaluation.break_even.filter(({ a, b }) => a === 'direct' || b === 'openrouter')) {
      const found = recomputer.breakEven({}, expected.driver, expected.a, expected.b)!;
      expect(found.crossings.length).toBe(expected.crossings.length);
      expected.crossings.forEach(({ value, kind }, i) => {
        expect(found.crossings[i]!.kind).toBe(kind);
        expect(Math.abs(found.crossings[i]!.value / value - 1)).toBeLessThan(1e-9);
      });
      expect(found.subjects).toEqual(expected.subjects);
    }
  });

  it('is that of the settings, and of any driver’s path', async () => {
    const setting = await support;
    const settings = { 'engineering.loaded_rate': 20 };
    const { prepared, alternatives } = await setting.with(setFlags(setting.whatIf, settings));
    const contenders = alternatives
      .filter(({ id }) => ['direct', 'openrouter'].includes(id))
      .map(({ id, monthly_usd }) => ({ id, monthly_usd, gateways: id === 'direct' ? [] : ['openrouter'] }));
    for (const expected of breakEvens(prepared.model, contenders)) {
      const found = setting.recomputer.breakEven(settings, expected.driver, 'direct', 'openrouter')!;
      expect(found.crossings.map(({ value }) => value)).toEqual(
        expected.crossings.map(({ value }) => expect.closeTo(value, 6) as unknown),
      );
    }
    const along = setting.recomputer.breakEven({}, 'engineering.effort.routing_policy.build', 'direct', 'openrouter')!;
    expect([along.range.from, along.range.until]).toEqual([4, 32]);
    expect(setting.recomputer.breakEven({}, 'no.such.path', 'direct', 'openrouter')).toBeUndefined();
  });
});

describe('how sure an outcome is', () => {
  it('is what the report’s draws say, and by the settings what theirs say', async () => {
    const setting = await support;
    for (const settings of [{}, { 'engineering.loaded_rate': 40 }]) {
      const { prepared, alternatives, recommendation, baseline } = await setting.with(
        setFlags(setting.whatIf, settings),
      );
      const ranked = alternatives.map(({ id }) => id);
      const expected = howSure(prepared.model, { ranked, baseline, recommendation }, prepared.outages, 1, {
        draws: 600,
      })!;
      const told: number[] = [];
      const steps = setting.recomputer.uncertaintySteps(settings, 600, 1);
      let step = steps.next();
      for (; step.done !== true; step = steps.next()) told.push(step.value);
      const found = step.value;
      expect(found).toEqual(setting.recomputer.uncertainty(settings, 600, 1));
      expect(found.strategies.map(({ id }) => id)).toEqual(ranked);
      expected.strategies.forEach(({ npv, standing }, i) => {
        const own = found.strategies[i]!;
        expect(own.cheapest_fraction).toBe(standing.sole_fraction);
        expect(Math.abs(own.mean_usd / npv.mean - 1)).toBeLessThan(1e-9);
        expect(Math.abs(own.p95_usd / npv.p95 - 1)).toBeLessThan(1e-9);
      });
      expect(told.at(-1)).toBe(1);
      expect(told).toEqual([...told].sort((a, b) => a - b));
      expect(told.length).toBeGreaterThan(3);
    }
  });
});

describe('flags', () => {
  it('carry a value with its unit in quotes that shell and YAML both read', async () => {
    const { whatIf } = await support;
    const settings = { 'engineering.loaded_rate': 150, 'needs.budgets': 1, 'traffic.volume.growth': 0.055 };
    expect(setFlags(whatIf, settings).sort()).toEqual([
      '--set',
      '--set',
      '--set',
      "engineering.loaded_rate='150 USD/hour'",
      'needs.budgets=required',
      'traffic.volume.growth=0.055',
    ]);
  });

  it('leave out what no scenario can state', async () => {
    const { whatIf } = await support;
    expect(driverOf(whatIf, 'outages.severity.full').settable).toBe(false);
    expect(setFlags(whatIf, { 'outages.severity.full': 0.5 })).toEqual([]);
  });
});

describe('the page’s bundle', () => {
  it('takes neither zod nor a parser nor Node, in less than 30 kB, and 60 kB with draws', async () => {
    const entry = fileURLToPath(new URL('../../src/whatif/recompute.ts', import.meta.url));
    const { metafile, outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      format: 'esm',
      minify: true,
      metafile: true,
      write: false,
      platform: 'browser',
    });
    const packages = Object.keys(metafile.inputs).filter((input) => input.includes('node_modules'));
    expect(packages.filter((input) => !/pure-rand|fastest-levenshtein/.test(input))).toEqual([]);
    expect(outputFiles[0]!.contents.length).toBeLessThan(60_000);
    const parts = Object.entries(Object.values(metafile.outputs)[0]!.inputs);
    const ofDraws =
      /sampling|uncertainty|decision|conditions|block-|distribution|special-functions|pure-rand|nearest|leven/;
    const bytes = parts.map(([input, { bytesInOutput }]) => (ofDraws.test(input) ? 0 : bytesInOutput));
    expect(bytes.reduce((a, b) => a + b)).toBeLessThan(30_000);
  });
});
