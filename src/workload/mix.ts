/**
 * Who asks which model: the model mix of a class, its users and its teams. Gives the fields of a request that are names.
 */
import type { Random } from '../random.ts';
import type { TraceRequest } from '../trace/request.ts';
import { cumulative, indexIn } from './inverse.ts';
import type { RequestClass } from './schema.ts';
import { shuffle, strata } from './strata.ts';

/** `seller/model` taken apart at the first slash. */
export function named(model: string | undefined): Partial<TraceRequest> {
  if (model === undefined) return {};
  const slash = model.indexOf('/');
  return slash < 0 ? { model } : { seller: model.slice(0, slash), model: model.slice(slash + 1) };
}

/** The models of a block of requests: each its share of the block, in random order. */
export function modelMix(requests: RequestClass, random: Random): (count: number) => readonly Partial<TraceRequest>[] {
  const { models } = requests;
  if (models === undefined) {
    const one = named(requests.model);
    return (count) => new Array(count).fill(one);
  }
  const edges = cumulative(models.map(({ share }) => share));
  const names = models.map(({ model }) => named(model));
  return (count) => Array.from(shuffle(strata(count, random), random), (u) => names[indexIn(edges, u)]!);
}

/** User numbers are squares of uniforms, so that the first tenth of the users makes about a third of the requests. */
export function person({ users, teams }: RequestClass, random: Random): Partial<TraceRequest> {
  const user = users === undefined ? undefined : Math.floor(users * random.uniform() ** 2);
  const team = teams === undefined ? undefined : (user ?? random.integer(teams)) % teams;
  return {
    user: user === undefined ? undefined : `user-${String(user + 1).padStart(3, '0')}`,
    team: team === undefined ? undefined : `team-${team + 1}`,
  };
}
