/**
 * Policies: which routes a request tries, in order. The contract is shared by scenarios and by a router's config.
 *
 * `single` takes the route that the traffic was assigned to. `fallback` tries, after that one, the first listed route of
 * another seller: a second model of the same seller fails with the first.
 */
import * as z from 'zod';

export const policy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('single') }),
  z.strictObject({
    kind: z.literal('fallback'),
    to: z.array(z.string()).min(1).describe('Routes in order: a name under `routes`, or seller/model'),
  }),
]);

export type Policy = z.infer<typeof policy>;
