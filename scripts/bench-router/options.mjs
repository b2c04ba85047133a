/** The command line of the benchmark: what was asked for, or a sentence that says what may be asked for. */
import { parseArgs } from 'node:util';
import { TARGETS } from './targets.mjs';

export const USAGE = `npm run bench:router -- [--quick] [--rounds N] [--json FILE] [--patience SECONDS] [--only ${Object.keys(TARGETS).join(',')}] [--seed N]`;

/** A round's share of a measure is made in turns, since a machine's speed can change within seconds. */
const FULL = { rounds: 7, turns: 4, lead_in_ms: 100, duration_ms: 500, repeats: 2, patience_s: 300 };
const QUICK = { rounds: 3, turns: 2, lead_in_ms: 50, duration_ms: 250, repeats: 0, patience_s: 20 };

/** `rounds` counts the first, which is dropped. Throws with a message for people. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      patience: { type: 'string' },
      json: { type: 'string' },
      only: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
  });
  const sizes = values.quick ? QUICK : FULL;
  const rounds = values.rounds === undefined ? sizes.rounds : wholeNumber('--rounds', values.rounds, 2);
  const patience_s = values.patience === undefined ? sizes.patience_s : wholeNumber('--patience', values.patience, 0);
  const only = values.only?.split(',') ?? Object.keys(TARGETS);
  const unknown = only.filter((name) => !Object.hasOwn(TARGETS, name));
  if (unknown.length > 0)
    throw new Error(`there is no target ${unknown.join(', ')}; there are ${Object.keys(TARGETS).join(', ')}`);
  return {
    ...sizes,
    rounds,
    patience_s,
    only,
    isQuick: values.quick,
    json: values.json,
    seed: wholeNumber('--seed', values.seed, 0),
  };
}

function wholeNumber(option, text, least) {
  if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`${option} is a whole number from ${least}, not ${text}`);
}
