/**
 * Changing over from one phase to the next: the effort of the change itself, less what an earlier phase has built already.
 *
 *   change-over    hours x rate, at the first month of the phase
 *   built before   -min(own, before), for each build, connection or set-up of the phase that an earlier one has under the same name
 *
 * Example: connecting to a gateway takes 8 h at 100 USD/h; a hybrid over the same gateway comes after it: 800 USD at the start,
 * 800 - 800 at the change-over. Two adapters (28.8 h) after one (16 h): 12.8 h are left. Source: the scenario, else the stated default.
 * Not modelled: what was built and has decayed since; of three phases, builds of one that a search leaves out.
 */
import type { ChangeOver, Line, Quantity } from '../model/model.ts';
import type { Sheet } from '../model/sheet.ts';
import { defaults } from '../scenario/defaults.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { CostInputs } from './cost-inputs.ts';

const work = { component: 'engineering', cash: true, timing: 'start' } as const;

/** Phased strategies, spliced from those that stand in the sheet already. */
export function declarePhased(scenario: Scenario, sheet: Sheet, stated: CostInputs['stated']): void {
  const rate = stated(scenario.engineering.loaded_rate, defaults.loadedRate);
  const { strategies, phased } = sheet.model;
  for (const spec of scenario.strategies) {
    if (spec.kind !== 'phased') continue;
    let from = 0;
    const starts: number[] = [];
    const served = spec.phases.map(({ via }) => strategies.findIndex((one) => one.id === via));
    const phases = spec.phases.map((phase, k) => {
      starts.push(from);
      if (phase.for !== 'best') from += phase.for ?? 0;
      const strategy = served[k]!;
      if (k === 0) return { strategy, change_over: undefined };
      const { index } = sheet.line({
        ...work,
        label: `Change-over to ${phase.via}`,
        formula: 'hours * rate',
        inputs: { hours: stated(spec.migration, () => defaults.changeOver(spec.id)), rate },
      });
      return { strategy, change_over: changeOver(sheet, [index, ...builtBefore(sheet, strategy, served.slice(0, k))]) };
    });
    phased.push({ id: spec.id, phases, starts });
  }
}

const changeOver = (sheet: Sheet, lines: readonly number[]): ChangeOver => ({
  lines,
  amount: sheet.sumRefs(lines.map((line) => sheet.model.lines[line]!.amount)),
});

/** A line for each piece of work that this strategy and one before it have in common. */
function builtBefore(sheet: Sheet, strategy: number, earlier: readonly number[]): number[] {
  const before = earlier.flatMap((one) => worksOf(sheet, one));
  return worksOf(sheet, strategy).flatMap((own) => {
    const same = [...new Set(before.filter(({ label }) => label === own.label).map(({ amount }) => amount))];
    if (same.length === 0) return [];
    const done = Object.fromEntries(
      same.map((ref, i) => [
        same.length === 1 ? 'before' : `before_${i + 1}`,
        usd(ref, `${own.label}, in a phase before`),
      ]),
    );
    const names = Object.keys(done);
    const { index } = sheet.line({
      ...work,
      label: `Built before: ${own.label.replace(/^Build: /, '')}`,
      formula: `-min(own, ${names.length === 1 ? names[0] : `max(${names.join(', ')})`})`,
      inputs: { own: usd(own.amount, own.label), ...done },
    });
    return [index];
  });
}

const worksOf = ({ model }: Sheet, strategy: number): Line[] =>
  model.strategies[strategy]!.lines.map((line) => model.lines[line]!).filter(
    ({ component, timing }) => component === work.component && timing === work.timing,
  );

const usd = (ref: Quantity['ref'], source: string): Quantity => ({ ref, unit: 'USD', source });
