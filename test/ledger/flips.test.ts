/**
 * Every boundary that the library of claims tells is one: with the input set just below and just above it (by 1e-3), and the
 * scenario read, its traffic measured and its costs computed anew, the condition comes out as told. At most two points of each
 * claim that holds in part. Some hundreds of evaluations: a quarter of an hour at most.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { ModelFigures } from '../../src/claims/model-figures.ts';
import { answer } from '../../src/evaluate.ts';
import { parseCondition } from '../../src/formula/condition.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTraffic } from '../../src/io/read-traffic.ts';
import type { Ledger, LedgerClaim } from '../../src/ledger/contract.ts';
import { COMPONENTS } from '../../src/report/contract.ts';
import { judgedLibrary } from './judged-library.ts';

const STEP = 1e-3;
const MINUTES = 60_000;
type Axis = LedgerClaim['over'][number];

const book = await readPriceBook();
let ledger: Ledger;
beforeAll(async () => {
  ledger = await judgedLibrary();
}, 10 * MINUTES);

type Place = readonly [Axis, number];

function setOf([{ path, unit }, value]: Place): string {
  const isBare = unit === '1' || unit.startsWith('fraction') || unit.startsWith('1/');
  if (!path.startsWith('inputs.')) return isBare ? `${path}=${value}` : `${path}='${value} ${unit}'`;
  return unit === '1' ? `${path}=${value}` : `${path}={value: ${value}, unit: ${unit}}`;
}

async function hereAt(claim: LedgerClaim, places: readonly Place[]): Promise<string> {
  const { file, variant } = ledger.runs[claim.run]!;
  const question = await readScenario(file, places.map(setOf), book, variant?.id);
  const { usage, replays } = await readTraffic(question.scenario, file, book);
  const figures = new ModelFigures({ ...answer(question, usage, book, replays), replays }, COMPONENTS, []);
  figures.settle(new Map());
  return parseCondition(claim.expression).verdict(figures.lookup);
}

/** First and last point that no other lies next to. */
function sampled({ boundary, over }: LedgerClaim): LedgerClaim['boundary'] {
  const [x] = over;
  const near = STEP * 3 * Math.max(Math.abs(x!.from), Math.abs(x!.to));
  const alone = boundary.filter((one) =>
    boundary.every(
      (other) =>
        other === one || other.values[1] !== one.values[1] || Math.abs(other.values[0]! - one.values[0]!) > near,
    ),
  );
  return alone.length <= 2 ? alone : [alone[Math.floor(alone.length / 3)]!, alone[Math.floor((2 * alone.length) / 3)]!];
}

describe('boundaries of the library', () => {
  it(
    'are where the verdict changes when the scenario is evaluated anew',
    async () => {
      const wrong: string[] = [];
      let points = 0;
      for (const claim of ledger.claims.filter(({ verdict }) => verdict === 'holds_where')) {
        const [x, y] = claim.over as [Axis, Axis?];
        for (const { values, below, above } of sampled(claim)) {
          points++;
          const [at, up] = values as [number, number?];
          const step = Math.max(Math.abs(at), 1e-3 * (x.to - x.from)) * STEP;
          const beside: Place[] = y === undefined ? [] : [[y, up!]];
          for (const [value, expected] of [
            [at - step, below],
            [at + step, above],
          ] as const) {
            const places: Place[] = [[x, value], ...beside];
            const found = await hereAt(claim, places).catch((error: Error) => error.message);
            if (found === expected) continue;
            const told = places.map(setOf).join(' ');
            wrong.push(`${ledger.runs[claim.run]!.name} ${claim.id}: ${told} ${found}, told ${expected}`);
          }
        }
      }
      expect(points).toBeGreaterThan(60);
      expect(wrong).toEqual([]);
    },
    20 * MINUTES,
  );
});
