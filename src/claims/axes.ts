/**
 * The inputs that are varied, and how far: a path of the model with a range, as stated or from the input's own distribution.
 *
 * Ranges are numbers in the input's unit or quantities (`120 USD/hour`, `15 %`). Needs that are decided anew at each value
 * can't be varied. A range that can't be told by itself has to be stated.
 */
import { quantile, type Spec } from '../distribution.ts';
import { inputError } from '../errors.ts';
import { FormulaError } from '../formula/parse.ts';
import { parseQuantity } from '../formula/quantity.ts';
import { HOURLY_RATE_PATH, VOLUME_PATH } from '../input-paths.ts';
import type { Input, Model } from '../model/model.ts';
import { didYouMean } from '../nearest.ts';

export interface Axis {
  readonly path: string;
  readonly unit: string;
  /** Place of the input in the model. */
  readonly slot: number;
  readonly from: number;
  readonly to: number;
  /** The scenario's own value. */
  readonly at: number;
  /** Where the range comes from. */
  readonly range: 'stated' | 'distribution' | 'usual';
}

export interface StatedRange {
  readonly from?: number | string | undefined;
  readonly to?: number | string | undefined;
}

const DECISION = /^strategies\.[^.]+\.builds\./;

/** Inputs that can be varied, in the model's order. */
export const variableInputs = (model: Model): Input[] => model.inputs.filter(({ path }) => !DECISION.test(path));

/**
 * Throws an InputError at `where`: no such input, a range that can't be read or is empty, or none where one has to be stated.
 * @param usual whether an input of one value gets a range by its kind
 */
export function axisOf(model: Model, path: string, stated: StatedRange, where: string, usual = false): Axis {
  const slot = model.inputs.findIndex((input) => input.path === path);
  const input = model.inputs[slot];
  const known = variableInputs(model).map((one) => one.path);
  if (input === undefined)
    throw inputError('NO_INPUT', where, `the model has no input "${path}"${didYouMean(path, known)}`);
  if (DECISION.test(path))
    throw inputError('NO_INPUT', where, `"${path}" is decided anew at each value and can't be varied`);
  const [from, to] = [bound(stated.from, input, `${where} from`), bound(stated.to, input, `${where} to`)];
  const own = from !== undefined && to !== undefined ? undefined : rangeOf(input, usual);
  const [low, high] = [from ?? own?.from, to ?? own?.to];
  if (low === undefined || high === undefined)
    throw inputError(
      'NO_RANGE',
      where,
      `"${path}" has one value, ${input.central}; say from where to where it may vary`,
    );
  if (!(low < high))
    throw inputError('NO_RANGE', where, `the range of "${path}" goes from ${low} to ${high}; it has to rise`);
  const range = own === undefined ? 'stated' : input.spec.is === 'point' ? 'usual' : 'distribution';
  return { path, unit: input.unit, slot, from: low, to: high, at: input.central, range };
}

function bound(given: number | string | undefined, { unit }: Input, where: string): number | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'number' && Number.isFinite(given)) return given;
  try {
    const value = parseQuantity(String(given), unit);
    if (Number.isFinite(value)) return value;
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    throw inputError('RANGE', where, error.message);
  }
  throw inputError('RANGE', where, `"${given}" is no value; expected a number in ${unit}`);
}

/** P5 to P95 of a distribution; of one value, where asked for, a range by what the input is. */
function rangeOf({ path, spec, central, unit }: Input, usual: boolean): { from: number; to: number } | undefined {
  const [from, to] = [quantileIn(spec, 0.05), quantileIn(spec, 0.95)];
  if (from < to) return { from, to };
  if (!usual) return undefined;
  if (path === VOLUME_PATH) return { from: central / 10, to: central * 10 };
  if (path === HOURLY_RATE_PATH) return { from: 0, to: Math.max(400, 2 * central) };
  if (path.endsWith('.token_markup')) return { from: 0, to: Math.max(0.5, central) };
  if (!(central > 0)) return undefined;
  const isShare = (unit === '1' || unit.startsWith('fraction')) && central <= 1;
  return { from: 0, to: isShare ? Math.min(1, 4 * central) : 4 * central };
}

const quantileIn = (spec: Spec, u: number): number => (spec.is === 'point' ? spec.value : quantile(spec, u));

/** Rising values from end to end: even, and where the range runs over more than a decade even in logarithms as well. */
export function gridOf({ from, to }: Pick<Axis, 'from' | 'to'>, steps: number): number[] {
  const even = Array.from({ length: steps + 1 }, (_, i) => from + ((to - from) * i) / steps);
  const grid = isWide(from, to)
    ? [...even, ...Array.from({ length: steps - 1 }, (_, i) => from * (to / from) ** ((i + 1) / steps))]
    : even;
  const inside = grid.filter((value) => value > from && value < to).sort((a, b) => a - b);
  return [from, ...inside.filter((value, i) => i === 0 || value > inside[i - 1]!), to];
}

/** Whether logarithms spread the range better. */
export const isWide = (from: number, to: number): boolean => from > 0 && to / from >= 20;
