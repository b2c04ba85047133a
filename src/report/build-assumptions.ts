/** The assumptions of a report: every input of the model, and what the scenario states although no line reads it. */
import type { Amount } from '../amount.ts';
import type { Evaluation } from '../evaluate.ts';
import { isAmount } from '../scenario/paths.ts';
import { byText } from '../units.ts';
import type { Report } from './contract.ts';
import { specInWords } from './spec-words.ts';

/** Every input of the model, and what the scenario states beside it. */
export function assumptionsOf({ prepared, question }: Evaluation): Report['assumptions'] {
  const inputs = prepared.model.inputs.map(({ path, central, unit, spec, source, as_of, given }) => ({
    path,
    value: central,
    unit,
    ...(spec.is === 'point' ? {} : { range: specInWords(spec) }),
    source,
    ...(as_of === undefined ? {} : { as_of }),
    given,
  }));
  const known = new Set(inputs.map((input) => input.path));
  const unused = statedAmounts(question.scenario).filter((amount) => !known.has(amount.path));
  return [
    ...inputs,
    ...unused.map((amount) => ({
      path: amount.path,
      value: amount.central,
      unit: amount.unit,
      source: `${question.stated.has(amount.path) ? (amount.source ?? 'scenario') : 'default'} (${amount.path.startsWith('replay.') ? 'for the replay' : 'not used by any line'})`,
      given: question.stated.has(amount.path),
    })),
  ].sort((a, b) => byText(a.path, b.path));
}

function statedAmounts(value: unknown): Amount[] {
  if (isAmount(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(statedAmounts);
}
