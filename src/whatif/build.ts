/**
 * What a page needs to recompute, out of an evaluation: the question is prepared once more with all inputs that it leaves
 * alone, and each input that moves a ranked alternative becomes a driver, most telling first. Takes an evaluation, gives
 * plain JSON. The only file here that knows scenarios; a page bundles the others.
 */

import { type Evaluation, gatewaysOf, phasesOf, unpricedStrategies } from '../evaluate.ts';
import { pastPublishedPrices } from '../findings.ts';
import { buildPath, needPath } from '../input-paths.ts';
import { Machine } from '../model/machine.ts';
import type { Line, Model } from '../model/model.ts';
import { type Prepared, prepare } from '../prepare.ts';
import { correlationsAskedFor } from '../scenario/draws-asked-for.ts';
import { askedFor } from '../scenario/needs.ts';
import { KIND_TITLES } from '../strategies/index.ts';
import { candidatesOf } from './candidates.ts';
import { heldOf } from './held.ts';
import { mostTelling } from './most-telling.ts';
import type { Decisions, Drawing, WhatIf, WhatIfAlternative } from './what-if.ts';

export function whatIfOf(evaluation: Evaluation): WhatIf {
  const { question, usage, book, replays } = evaluation;
  const { scenario } = question;
  const open = prepare(question, usage, book, replays, 'open');
  const whatIf: WhatIf = {
    model: trimmed(open.model),
    start: scenario.start,
    baseline: scenario.baseline,
    materiality: scenario.materiality,
    alternatives: alternativesOf(evaluation),
    decisions: decisionsOf(evaluation, open),
    drivers: [],
    held: heldOf(evaluation),
    draws: drawingOf(evaluation, open),
  };
  return mostTelling({ ...whatIf, drivers: candidatesOf(question, open) });
}

function alternativesOf(evaluation: Evaluation): WhatIfAlternative[] {
  const { question, prepared, alternatives } = evaluation;
  const { scenario } = question;
  const past = pastPublishedPrices(prepared, new Machine(prepared.model, []), scenario.start);
  const unpriced = scenario.accept_unpriced ? new Set<string>() : unpricedStrategies(prepared);
  return alternatives.map(({ id, excluded, comes_to, unranked, split }): WhatIfAlternative => {
    const spec = scenario.strategies.find((one) => one.id === id)!;
    return {
      id,
      title: spec.title ?? KIND_TITLES[spec.kind],
      kind: spec.kind,
      ...(excluded === undefined || excluded === past.get(id) ? {} : { excluded }),
      ...(comes_to === undefined || split === undefined ? {} : { comes_to }),
      ...(unranked === undefined ? {} : { unranked }),
      is_unpriced: unpriced.has(id),
      phases: split?.between ?? phasesOf(question, id),
      gateways: gatewaysOf(question, id),
    };
  });
}

function decisionsOf({ question }: Evaluation, { model, quotes }: Prepared): Decisions {
  const { scenario } = question;
  const slotOf = (path: string): number => model.inputs.findIndex((input) => input.path === path);
  return {
    builds: model.strategies.flatMap(({ id }) =>
      askedFor(scenario).flatMap((capability) => {
        const slot = slotOf(buildPath(id, capability));
        return slot < 0 ? [] : [{ strategy: id, capability, slot, need_slot: slotOf(needPath(capability)) }];
      }),
    ),
    contracts: Object.entries(scenario.contracts).flatMap(([seller, { commitment_usd_per_month, step_usd }]) =>
      commitment_usd_per_month === 'best' ? [{ seller, step_usd }] : [],
    ),
    switches: scenario.strategies.flatMap((spec) =>
      spec.kind === 'phased' && spec.phases.some((phase) => phase.for === 'best')
        ? [{ strategy: spec.id, lengths: spec.phases.map((phase) => phase.for ?? null) }]
        : [],
    ),
    limits: quotes.limits.map(({ strategy, quantity, max, message }) => ({
      strategy,
      ref: quantity.ref,
      most: max,
      message,
    })),
  };
}

function drawingOf({ question, prepared }: Evaluation, open: Prepared): Drawing {
  const { scenario } = question;
  const { correlations, correlate_by } = correlationsAskedFor(
    scenario,
    prepared.model.inputs.map(({ path }) => path),
  );
  return {
    seed: scenario.seed,
    outages: scenario.uncertainty.incidents === 'expected' ? {} : Object.fromEntries(open.outages),
    correlations,
    correlate_by,
  };
}

/** Sources, formulas and names of a line's inputs stand in the report; a contract's line keeps what its search reads. */
function trimmed(model: Model): Model {
  const lines = model.lines.map(
    (line): Line => ({
      ...line,
      formula: '',
      inputs: Object.fromEntries(
        Object.entries(line.inputs.commitment === undefined ? {} : line.inputs).map(([name, { ref }]) => [
          name,
          { ref, unit: '', source: '' },
        ]),
      ),
    }),
  );
  return { ...model, lines, inputs: model.inputs.map((input) => ({ ...input, source: '' })) };
}
