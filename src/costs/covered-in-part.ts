/**
 * What a gateway counts as bringing, since it can take over, though part of the traffic does not pass it: told, with the share
 * that goes other ways. It adds no cost: how a request gets from its own way to the gateway when that fails is not known.
 */
import { CAPABILITIES, CAPABILITY_IDS, type Capability } from '../capabilities.ts';
import { notice } from '../errors.ts';
import { askedFor } from '../scenario/needs.ts';
import type { Channel } from './access.ts';
import type { CostInputs, Spend } from './cost-inputs.ts';

export function tellCoveredInPart(x: CostInputs, spends: readonly Spend[]): void {
  const total = sum(spends);
  if (total === 0) return;
  const byWay = new Map<string, Capability[]>();
  for (const capability of countedOn(x)) {
    const elsewhere = sum(spends.filter((_, i) => !covers(x.access.channels[i], capability))) / total;
    if (elsewhere === 0) continue;
    const way = `${x.access.brings.get(capability)} counts as bringing this for all requests, since it can take over, though ${percent(elsewhere)} of them do not pass it`;
    byWay.set(way, [...(byWay.get(way) ?? []), capability]);
  }
  for (const [way, capabilities] of byWay) {
    const names = capabilities.map((capability) => CAPABILITIES[capability].toLowerCase()).join('; ');
    const message = `${way}; what sends those there is not counted: ${names}`;
    x.warn(notice('COVERED_IN_PART', x.id, message));
  }
}

/** What is asked for, was not built before and is brought by a gateway, not by a library in the client. Models are picked by the rules. */
function countedOn({ scenario, relies_on, access }: CostInputs): Capability[] {
  const gateways = new Set(access.channels.flatMap(({ gateway }) => gateway?.name ?? []));
  const asked = new Set([...askedFor(scenario), ...relies_on]);
  return CAPABILITY_IDS.filter(
    (capability) =>
      capability !== 'routing_policy' &&
      asked.has(capability) &&
      !scenario.already_built.includes(capability) &&
      gateways.has(access.brings.get(capability) ?? ''),
  );
}

const covers = (channel: Channel | undefined, capability: Capability): boolean =>
  channel?.gateway?.capabilities[capability] === true;

const sum = (spends: readonly Spend[]): number =>
  spends.reduce((total, { window_requests }) => total + window_requests, 0);

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;
