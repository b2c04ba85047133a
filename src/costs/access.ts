/**
 * How a strategy serves the traffic: through which channels, with which capabilities. Strategies describe it, cost
 * components read it, and neither knows the other.
 */
import type { Amount } from '../amount.ts';
import type { Capability } from '../capabilities.ts';
import { COUNT_METERS } from '../meters.ts';
import type { FeeSchedule, Plan } from '../pricing/fee-schedule.ts';
import type { UsageRow } from '../usage/table.ts';

/** A way to the sellers: directly, or through one gateway. Shares of a usage row over all channels add up to one. */
export interface Channel {
  /** `direct`, or the gateway's id. */
  readonly via: string;
  readonly gateway: FeeSchedule | undefined;
  readonly plan: Plan | undefined;
  /** Credit bought at a time; undefined: each month's spend at once. */
  readonly top_up: Amount | undefined;
  /** How credit is paid for; undefined: the schedule's first way. */
  readonly payment_method: string | undefined;
  /** Which reading of the gateway's fees holds; undefined: the schedule's own. */
  readonly fee_variant: string | undefined;
  /** The sellers invoice tokens on the user's own keys; otherwise the gateway does, from credit. */
  readonly own_keys: boolean;
  /** Latency it adds; undefined: none. */
  readonly hop: Amount | undefined;
  /** Share of the row's requests that go this way; 1 where rules send them whole. */
  readonly takes: (row: UsageRow) => number;
}

/** Whether machines of one's own behind the channel answer a model, so that nobody bills a token of it. */
export const servesItself = ({ gateway }: Pick<Channel, 'gateway'>, model: string): boolean =>
  gateway?.serving?.models.includes(model) === true;

/** Machines that the application calls itself have no gateway before them, unless the scenario says what it takes to run one. */
export const standsBetween = ({ serving, self_hosting, downtime }: FeeSchedule): boolean =>
  serving === undefined || self_hosting !== undefined || downtime !== undefined;

/** What of the usage goes through a channel: rows as they are, or a share of all that they count. */
export const rowsThrough = ({ takes }: Channel, rows: readonly UsageRow[]): UsageRow[] =>
  rows.flatMap((row) => {
    const share = takes(row);
    if (share === 0) return [];
    if (share === 1) return row;
    const part = { ...row, requests: row.requests * share };
    for (const meter of COUNT_METERS) part[meter] = row[meter] * share;
    return part;
  });

export interface Access {
  readonly channels: readonly Channel[];
  /** Capabilities that need not be built, and who brings them. */
  readonly brings: ReadonlyMap<Capability, string>;
  /** Models to fall back to, in order, as seller/model. */
  readonly fallback: readonly string[];
}
