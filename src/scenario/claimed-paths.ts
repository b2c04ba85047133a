/** The paths of inputs that a scenario's claims name, in their conditions and as what is varied. */
import { parseCondition } from '../formula/condition.ts';
import type { Scenario } from './schema.ts';

const INPUT = 'input.';

export const claimedPaths = ({ claims }: Pick<Scenario, 'claims'>): Set<string> =>
  new Set(
    claims.flatMap(({ claim, over }) => [
      ...parseCondition(claim)
        .names.filter((name) => name.startsWith(INPUT))
        .map((name) => name.slice(INPUT.length)),
      ...over.map((one) => (typeof one === 'string' ? one : one.path)),
    ]),
  );
