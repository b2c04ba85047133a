/**
 * What policies draw for each request, by its number: the n-th that comes draws what a replay of the same seed gives the n-th
 * of its trace, whatever runs beside it. Requests that the response cache answers are counted too, as a replay counts them.
 */
import { JITTER_PART, POLICY_PART, type PolicyLuck, policyLuck } from '../routing/luck.ts';

export class RequestLuck {
  readonly #luck: PolicyLuck;
  #requests = 0;

  constructor(seed: number) {
    this.#luck = policyLuck(seed);
  }

  next(): PolicyLuck {
    const number = this.#requests++;
    const { policy, jitter } = this.#luck;
    return { policy: policy.at(number, POLICY_PART), jitter: jitter.at(number, JITTER_PART) };
  }
}
