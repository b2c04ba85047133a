/** What a scenario says of a capability: a need that is not named is none. Reads both ways of writing it; decides nothing. */
import type { Capability } from '../capabilities.ts';
import type { Scenario } from './schema.ts';

export type Need = NonNullable<Scenario['needs'][Capability]>;
export type KindOfNeed = 'required' | 'optional' | 'none';

export const kindOfNeed = (need: Need | undefined): KindOfNeed =>
  need === undefined ? 'none' : typeof need === 'string' ? need : need.need;

/** Capabilities that are asked for, in the scenario's order. */
export const askedFor = ({ needs }: Pick<Scenario, 'needs'>): Capability[] =>
  (Object.keys(needs) as Capability[]).filter((capability) => kindOfNeed(needs[capability]) !== 'none');
