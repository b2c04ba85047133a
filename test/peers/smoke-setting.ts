/** The suite over a gateway beside the stand-in that it stands before, as targets of one run over the network. */
import { readPriceBook } from '../../src/io/read-price-book.ts';
import type { Figure, Finding, Measurements } from '../../src/measurements/contract.ts';
import { chosenChecks } from '../../src/smoke/checks.ts';
import { wallClock } from '../../src/smoke/clock.ts';
import { prepareRun } from '../../src/smoke/prepare-run.ts';
import { runSmoke } from '../../src/smoke/run-smoke.ts';
import { Spending } from '../../src/smoke/spending.ts';
import { standInSpec } from '../../src/smoke/stand-in/spec.ts';
import { type StandIn, startStandIn } from '../../src/smoke/stand-in/start-stand-in.ts';
import type { Target } from '../../src/smoke/target.ts';

/** Quick and even, so that what a gateway adds stands out. */
export const quickStandIn = (): Promise<StandIn> =>
  startStandIn(standInSpec.parse({ first_token: 20, per_token: 1 }), { seed: 1 });

export interface Compared {
  readonly found: Measurements;
  /** A line a finding. */
  readonly told: string;
  readonly finding: (id: string, check: string) => Finding;
  readonly figure: (id: string, check: string, name: string) => Figure | undefined;
  /** Checks with this verdict, by name. */
  readonly having: (id: string, verdict: Finding['verdict']) => readonly string[];
}

/** The stand-in's direct route is the baseline. */
export async function beside(
  standIn: StandIn,
  more: Partial<Target>,
  env: Readonly<Record<string, string>> = {},
): Promise<Compared> {
  const book = await readPriceBook();
  const direct = standIn.targets.find(({ isBaseline }) => isBaseline)!;
  const gateway: Target = { ...direct, id: 'gateway', kind: 'self_hosted_gateway', isBaseline: false, ...more };
  const [checks, rounds] = [chosenChecks(), 20];
  const prepared = prepareRun([direct, gateway], { book, env, checks, rounds, on: '2026-11-01' });
  try {
    const found = await runSmoke({
      ...prepared,
      checks,
      facts: { simulated: true, tollgate: '0', node: '0', seed: 1, rounds, cap_usd: 1, price_book_sha256: '' },
      spending: new Spending(1),
      book,
      clock: wallClock,
    });
    const finding = (id: string, check: string): Finding =>
      found.findings.find((one) => one.target === id && one.check === check)!;
    return {
      found,
      told: found.findings
        .map(({ target, check, verdict, seen }) => `${target} ${check} ${verdict}: ${seen}`)
        .join('\n'),
      finding,
      figure: (id, check, name) => finding(id, check).figures.find((one) => one.name === name),
      having: (id, verdict) =>
        found.findings.flatMap((one) => (one.target === id && one.verdict === verdict ? [one.check] : [])).sort(),
    };
  } finally {
    await prepared.close();
  }
}
