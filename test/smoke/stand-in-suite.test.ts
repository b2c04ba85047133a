/** The suite on a stand-in: passes as declared, and fails where a fault is declared, and there alone. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { substream } from '../../src/random.ts';
import { chosenChecks } from '../../src/smoke/checks.ts';
import { dialectOf } from '../../src/smoke/prepare-run.ts';
import { ReadyTarget } from '../../src/smoke/probe.ts';
import { runSmoke } from '../../src/smoke/run-smoke.ts';
import { Spending } from '../../src/smoke/spending.ts';
import { STAND_IN_ROUTES, type StandInInput, standInSpec } from '../../src/smoke/stand-in/spec.ts';
import { standInTarget } from '../../src/smoke/stand-in/stand-in-targets.ts';
import { virtualCaller } from '../../src/smoke/stand-in/virtual-caller.ts';
import { VirtualClock } from './setting.ts';

let book: PriceBook;
beforeAll(async () => {
  book = await readPriceBook();
});

async function run(input: StandInInput) {
  const spec = standInSpec.parse(input);
  const clock = new VirtualClock();
  const bills: (() => readonly { readonly nano_usd: number }[])[] = [];
  const ready = STAND_IN_ROUTES.map((name) => {
    const target = standInTarget(spec, name, 'http://127.0.0.1');
    const caller = virtualCaller(spec, name, clock, substream(1, name));
    bills.push(caller.bill);
    return new ReadyTarget(target, caller, dialectOf(target));
  });
  const facts = { simulated: true, tollgate: '0', node: '0', seed: 1, rounds: 10, cap_usd: 1, price_book_sha256: '' };
  const spending = new Spending(1);
  const found = await runSmoke({
    ready,
    skipped: [],
    checks: chosenChecks(),
    facts,
    spending,
    book,
    clock,
    secrets: [],
  });
  const billed_usd = bills.flatMap((bill) => bill()).reduce((sum, { nano_usd }) => sum + nano_usd, 0) / 1e9;
  return { ...found, billed_usd };
}

const failed = ({ findings }: Awaited<ReturnType<typeof run>>): readonly string[] =>
  findings
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'not_run')
    .map((one) => `${one.target} ${one.check}`);

describe('the suite on a stand-in', () => {
  it('passes in both APIs', async () => {
    for (const api of ['openai', 'anthropic'] as const)
      for (const reports_cost of ['none', 'usage', 'header', 'lookup'] as const) {
        const found = await run({ api, gateway: { reports_cost } });
        expect(failed(found)).toEqual([]);
        expect(found).toMatchObject({ simulated: true, complete: true });
      }
  });

  it('spends no more than it says, and no less than the bill', async () => {
    const { spent, billed_usd } = await run({ direct: { reports_cost: 'usage' } });
    expect(spent.usd).toBeLessThanOrEqual(billed_usd + 1e-6);
    expect(spent.at_most_usd).toBeGreaterThanOrEqual(billed_usd);
  });

  it('takes bursts of 429s for what they are: it waits, and is let in', async () => {
    const { findings, evidence } = await run({ gateway: { faults: { burst_fraction: 0.1 } } });
    expect(evidence.filter(({ status }) => status === 429).length).toBeGreaterThan(2);
    expect(findings.filter(({ verdict }) => verdict === 'fail').map(({ check }) => check)).toEqual([]);
    expect(findings.find((one) => one.target === 'stand-in-gateway' && one.check === 'retry_behaviour')!.seen).toMatch(
      /(\d+) HTTP 429 were seen, \1 of them say when to come back/,
    );
  });

  it('fails where a fault is declared', async () => {
    const gateway = (faults: object): StandInInput => ({ gateway: { faults } });
    expect(failed(await run(gateway({ inflated_percent: 10 })))).toEqual(['stand-in-gateway usage_accounting']);
    expect(failed(await run(gateway({ drops_cache_discount: true })))).toEqual(['stand-in-gateway prompt_cache']);
    expect(failed(await run({ gateway: { markup_percent: 80 } }))).toEqual(['stand-in-gateway cost_reported']);
    expect(failed(await run({ gateway: { added: '2 s' } }))).toEqual(['stand-in-gateway latency']);
  });
});

it('a stand-in shares no code with the price book', () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, from] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)'/gm))
      visit(path.resolve(path.dirname(file), from!));
  };
  const dir = path.resolve(import.meta.dirname, '../../src/smoke/stand-in');
  for (const file of ['start-stand-in.ts', 'virtual-caller.ts']) visit(path.join(dir, file));
  const names = [...seen].map((file) => file.split('/src/')[1]!);
  expect(names).toContain('smoke/stand-in/bill.ts');
  expect(names.filter((name) => name.startsWith('pricing/'))).toEqual([]);
});
