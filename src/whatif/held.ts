/** What a page can't vary, and why: what was measured, replayed or searched before the model was made. Words for a reader. */
import type { Evaluation } from '../evaluate.ts';
import { capitalised } from '../units.ts';
import { computedPaths } from './candidates.ts';
import type { WhatIf } from './what-if.ts';

export function heldOf({ question, replays, alternatives, prepared }: Evaluation): WhatIf['held'] {
  const { measured_in } = prepared.demand;
  const replayed = [...replays.keys()];
  const split = alternatives.filter((one) => one.split !== undefined).map(({ id }) => id);
  const computed = [...computedPaths(question)];
  return [
    {
      what: 'Mix of the traffic: models, features, sizes of prompts',
      why: 'it is what the traffic holds; run again with other traffic or other `traffic.models`',
    },
    {
      what: 'Prices of single models',
      why: 'they are dated facts of the price book; all move together here, one by one with `prices` in the scenario',
    },
    ...(replayed.length === 0
      ? []
      : [
          {
            what: `Policies, retries, caches, batches, budgets and rate limits of ${replayed.join(', ')}`,
            why: 'every request was replayed through them; another policy or cache life has to be replayed',
          },
        ]),
    ...(split.length === 0
      ? []
      : [
          {
            what: `Which part of the traffic goes which way in ${split.join(', ')}`,
            why: 'it was searched at the scenario’s own values and is kept; a run searches anew',
          },
        ]),
    ...(computed.length === 0
      ? []
      : [{ what: computed.join(', '), why: 'computed from named inputs; move those instead' }]),
    ...(measured_in.length === 0
      ? []
      : [
          {
            what: `Season of ${measured_in.map(capitalised).join(', ')}`,
            why: 'the volume was measured then, so that an ordinary month follows from it; run again with another factor',
          },
        ]),
    {
      what: 'Who is excluded, and by which constraint',
      why: 'it follows from what sellers and gateways say of themselves',
    },
  ];
}
