/**
 * Every input of an open model as a driver, in the order of the model: words, range, and whether `--set` takes its path.
 * Left out: decisions, which follow from the rest, what is computed from named inputs, which are drivers themselves, and the
 * season of months that the volume was measured in, since the volume follows from it.
 */
import { seasonPath } from '../input-paths.ts';
import { inputWords } from '../input-words.ts';
import type { Input } from '../model/model.ts';
import type { Prepared } from '../prepare.ts';
import { kindOfNeed } from '../scenario/needs.ts';
import { amountsIn } from '../scenario/paths.ts';
import type { Question } from '../scenario/resolve.ts';
import { rangeOf } from './driver-range.ts';
import { isSettable } from './settable.ts';
import type { Driver } from './what-if.ts';

const NEED = /^needs\.\w+$/;
const DECIDED = /^strategies\.[^.]+\.(builds|commitments)\./;

/** Paths of amounts that are formulas over named inputs. */
export const computedPaths = ({ scenario, gateways }: Question): Set<string> =>
  new Set(
    [...amountsIn(scenario), ...amountsIn(gateways)].flatMap(({ path, formula }) =>
      formula === undefined ? [] : path,
    ),
  );

export function candidatesOf(question: Question, { model, demand }: Pick<Prepared, 'model' | 'demand'>): Driver[] {
  const computed = computedPaths(question);
  for (const month of demand.measured_in) computed.add(seasonPath(month));
  return model.inputs.flatMap((input) =>
    DECIDED.test(input.path) || computed.has(input.path)
      ? []
      : NEED.test(input.path)
        ? needDriver(question, input)
        : numberDriver(question, input),
  );
}

function numberDriver(question: Question, { path, unit, central, spec, source }: Input): Driver {
  const { group, label, plain, isShare = false } = inputWords(path);
  // A named input has the dimension that it is written in: hours of work are not hours of time there.
  const isNamed = path.startsWith('inputs.');
  const shown = isNamed ? unit : unit.replace('work_hour', 'hour');
  return {
    path,
    label,
    group,
    unit: unit === '1' && isShare ? 'fraction' : shown,
    kind: 'number',
    central,
    ...rangeOf(path, spec, central, isShare),
    source,
    plain,
    settable: isSettable(question, path, central) && !(isNamed && /^(1\/|fraction)/.test(unit)),
  };
}

/** Off is what the scenario says where that is less than required. */
function needDriver({ scenario }: Question, { path, central }: Input): Driver {
  const { group, label, plain } = inputWords(path);
  const need = scenario.needs[path.slice('needs.'.length) as keyof typeof scenario.needs];
  const isOptional = kindOfNeed(need) === 'optional';
  const off = isOptional ? ' Off: built where it pays.' : ' Off: nobody builds it.';
  return {
    path,
    label,
    group,
    unit: '1',
    kind: 'switch',
    central,
    least: 0,
    most: 1,
    lowest: 0,
    highest: 1,
    scale: 'linear',
    source: need === undefined ? 'not named by the scenario' : 'scenario',
    plain: plain + off,
    settable: true,
    words: [isOptional ? 'optional' : 'none', 'required'],
    ...(typeof need === 'object' ? { set_path: `${path}.need` } : {}),
  };
}
