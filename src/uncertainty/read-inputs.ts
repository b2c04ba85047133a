/** What the costs of some alternatives depend on: inputs that are not one number, and components with outage worlds. */
import { targetsOf } from '../appraise.ts';
import { dependencies } from '../model/machine.ts';
import type { Model } from '../model/model.ts';

export function readInputs(
  model: Model,
  wanted: readonly number[],
): { slots: readonly number[]; components: ReadonlySet<string> } {
  const needed = dependencies(model, targetsOf(model, wanted));
  const slots: number[] = [];
  const components = new Set<string>();
  model.defs.forEach((def, ref) => {
    if (!needed[ref]) return;
    if (def.is === 'input' && model.inputs[def.slot]!.spec.is !== 'point') slots.push(def.slot);
    if (def.is === 'world') components.add(def.component);
  });
  return { slots: slots.sort((a, b) => a - b), components };
}
