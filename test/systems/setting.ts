/** What systems are put to: scenarios from plain objects through the whole pipeline, and targets of theirs before a stand-in. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { type Evaluation, evaluate } from '../../src/evaluate.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTraffic } from '../../src/io/read-traffic.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { chosenChecks } from '../../src/smoke/checks.ts';
import { wallClock } from '../../src/smoke/clock.ts';
import { prepareRun } from '../../src/smoke/prepare-run.ts';
import { runSmoke } from '../../src/smoke/run-smoke.ts';
import { Spending } from '../../src/smoke/spending.ts';
import type { StandIn } from '../../src/smoke/stand-in/start-stand-in.ts';
import type { Target } from '../../src/smoke/target.ts';
import { targetsFile, targetsOf } from '../../src/smoke/targets-file.ts';

export const book: PriceBook = await readPriceBook();
export const folder = mkdtempSync(path.join(tmpdir(), 'tollgate-systems-'));

/** A day of 240 requests or so, of one model. */
export const dayOf = (model: string, output_tokens: object = { p50: 200, p95: 400 }): object => ({
  synthetic: {
    start: '2026-11-02',
    duration_hours: 24,
    requests_per_hour: 10,
    classes: [{ feature: 'chat', share: 1, model, input_tokens: { p50: 500, p95: 900 }, output_tokens }],
  },
});

let files = 0;
/** A file of its own; JSON is YAML. */
export function fileOf(name: string, content: object | string): string {
  const file = path.join(folder, `${++files}-${name}`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  return file;
}

/** The pipeline as `run` takes it, without draws. */
export async function run(scenario: object): Promise<Evaluation> {
  const file = fileOf('scenario.yaml', {
    name: 'One system',
    start: '2026-12',
    horizon: '12 months',
    baseline: 'direct',
    ...scenario,
  });
  const question = await readScenario(file, [], book);
  const { usage, replays } = await readTraffic(question.scenario, file, book);
  return evaluate(question, usage, book, replays);
}

/** USD over the horizon of the lines whose label this matches. */
export const lineSum = ({ alternatives }: Evaluation, strategy: string, label: RegExp): number | undefined => {
  const lines = alternatives.find(({ id }) => id === strategy)!.lines.filter(({ line }) => label.test(line.label));
  return lines.length === 0
    ? undefined
    : lines.flatMap(({ amounts_usd }) => [...amounts_usd]).reduce((a, b) => a + b, 0);
};

export function expectPriced(found: Evaluation): void {
  expect(found.alternatives.filter(({ isUnpriced }) => isUnpriced).map(({ id }) => id)).toEqual([]);
  expect(found.diagnostics.filter(({ code, severity }) => code.startsWith('UNPRICED') || severity === 'error')).toEqual(
    [],
  );
}

/** A target as its name gives it, and what was found odd. */
export function targetCalled(target: string, more: object = {}): Target {
  const file = targetsFile.parse({ targets: [{ target, ...more }] });
  const { targets, found } = targetsOf(book, file, (at) => at.join('.'));
  expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
  return targets[0]!;
}

export const CHECKS = ['reachable', 'streaming', 'error_shape', 'usage_accounting', 'tool_calls'] as const;

/**
 * The suite's first checks on a target as its own name gives it: its API, header of the key, variable, headers, limits; only
 * its address and the model are the stand-in's.
 */
export async function smoke(target: Target, standIn: StandIn): Promise<Readonly<Record<string, string>>> {
  const model = target.api === 'anthropic' ? 'claude-haiku-4-5' : 'gpt-4o-mini';
  const priced_as = { seller: target.api === 'anthropic' ? 'anthropic' : 'openai', model };
  const one: Target = {
    ...target,
    base_url: `${standIn.origin}/direct/v1`,
    model,
    priced_as,
    reports_cost: undefined,
    timeout_ms: 5000,
  };
  const checks = chosenChecks(CHECKS);
  const env = one.key_env === undefined ? {} : { [one.key_env]: 'stand-in-key' };
  const prepared = prepareRun([one], { book, env, checks, rounds: 2, on: '2026-11-21' });
  expect(prepared.skipped).toEqual([]);
  try {
    const { findings } = await runSmoke({
      ...prepared,
      checks,
      facts: { simulated: true, tollgate: '0', node: '0', seed: 1, rounds: 2, cap_usd: 1, price_book_sha256: '' },
      spending: new Spending(1),
      book,
      clock: wallClock,
    });
    return Object.fromEntries(
      findings.map(({ check, verdict, seen }) => [check, verdict === 'pass' ? verdict : `${verdict}: ${seen}`]),
    );
  } finally {
    await prepared.close();
  }
}

export const ALL_PASS = Object.fromEntries(CHECKS.map((check) => [check, 'pass']));
