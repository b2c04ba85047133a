/** Bundled scenarios as what-ifs, and the same scenarios evaluated with `--set`, traffic read once. */
import { fileURLToPath } from 'node:url';
import { type Answer, answer, type Evaluation, evaluate } from '../../src/evaluate.ts';
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
  /** What `tollgate run --set` says of costs; traffic is read again where a path bears on its replay. */
  with(flags: readonly string[]): Promise<Answer>;
}

export async function settingOf(name: string, base: readonly string[] = []): Promise<Setting> {
  const file = folder + name;
  const questionOf = (sets: readonly string[]) => readScenario(file, [...base, ...sets], book);
  const question = await questionOf([]);
  const traffic = await readTraffic(question.scenario, file, book);
  const evaluation = evaluate(question, traffic.usage, book, traffic.replays);
  const whatIf = JSON.parse(JSON.stringify(whatIfOf(evaluation))) as WhatIf;
  return {
    evaluation,
    whatIf,
    recomputer: new Recomputer(whatIf),
    with: async (flags) => {
      const sets = flags.filter((flag) => flag !== '--set');
      const asked = await questionOf(sets);
      const isReplayed = sets.some((set) => set.startsWith('replay.'));
      const { usage, replays } = isReplayed ? await readTraffic(asked.scenario, file, book) : traffic;
      return answer(asked, usage, book, replays);
    },
  };
}
