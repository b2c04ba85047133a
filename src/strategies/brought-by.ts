/** Which capabilities a gateway brings, by its name: those that its schedule says are there. What it does not know is not brought. */
import type { Capability } from '../capabilities.ts';
import type { FeeSchedule } from '../pricing/fee-schedule.ts';

export const broughtBy = (gateway: FeeSchedule): ReadonlyMap<Capability, string> =>
  new Map(
    (Object.entries(gateway.capabilities) as [Capability, boolean | undefined][]).flatMap(([capability, has]) =>
      has === true ? [[capability, gateway.name] as const] : [],
    ),
  );
