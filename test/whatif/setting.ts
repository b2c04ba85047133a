/** Bundled scenarios as what-ifs, and the same scenarios evaluated with `--set`, traffic read once. */
import { fileURLToPath } from 'node:url';
import { type Evaluation, evaluate } from '../../src/evaluate.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTraffic } from '../../src/io/read-traffic.ts';
import { whatIfOf } from '../../src/whatif/build.ts';
import { Recomputer } from '../../src/whatif/recompute.ts';
import type { WhatIf } from '../../src/whatif/what-if.ts';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));
export const book = await readPriceBook();

export interface Setting {
  readonly evaluation: Evaluation;
  /** As a page reads it back. */
  readonly whatIf: WhatIf;
  readonly recomputer: Recomputer;
  /** What `tollgate run --set` evaluates. */
  with(sets: readonly string[]): Promise<Evaluation>;
}

export async function settingOf(name: string, base: readonly string[] = []): Promise<Setting> {
  const file = folder + name;
  const read = async (sets: readonly string[]) => {
    const question = await readScenario(file, [...base, ...sets], book);
    return { question, traffic: await readTraffic(question.scenario, file, book) };
  };
  const first = await read([]);
  const evaluation = evaluate(first.question, first.traffic.usage, book, first.traffic.replays);
  const whatIf = JSON.parse(JSON.stringify(whatIfOf(evaluation))) as WhatIf;
  return {
    evaluation,
    whatIf,
    recomputer: new Recomputer(whatIf),
    with: async (sets) => {
      const isReplayed = first.traffic.replays.size > 0;
      if (isReplayed) {
        const { question, traffic } = await read(sets);
        return evaluate(question, traffic.usage, book, traffic.replays);
      }
      const question = await readScenario(file, [...base, ...sets], book);
      return evaluate(question, first.traffic.usage, book, first.traffic.replays);
    },
  };
}
