/**
 * What a scenario may leave out, as stated assumptions. Every one of them stands in the report with its source, marked as
 * not given; "assumption" in a source means that nobody measured it.
 */
import { type Amount, NON_NEGATIVE, readAmount, SHARE } from '../amount.ts';
import { CAPABILITY_IDS, type Capability } from '../capabilities.ts';
import type { FeeSchedule } from '../pricing/fee-schedule.ts';

const stated = (path: string, text: string, unit: string, source: string, limits = NON_NEGATIVE): Amount => ({
  ...readAmount(text, unit, limits),
  path,
  source,
});

const EFFORT_SOURCE = 'assumption of this project; published guesses for a whole gateway run from days to weeks';

const EFFORT: Readonly<Record<Capability, readonly [build: string, upkeep: string]>> = {
  fallback: ['24 to 64 hours', '1 to 4 hours/month'],
  routing_policy: ['12 to 40 hours', '0.5 to 2 hours/month'],
  rate_limit_handling: ['8 to 24 hours', '0.5 to 2 hours/month'],
  key_management: ['6 to 20 hours', '0.25 to 1 hours/month'],
  budgets: ['12 to 40 hours', '0.5 to 2 hours/month'],
  attribution: ['12 to 40 hours', '0.5 to 2 hours/month'],
  dashboards: ['12 to 40 hours', '0.5 to 2 hours/month'],
  caching: ['12 to 40 hours', '0.5 to 2 hours/month'],
  guardrails: ['24 to 64 hours', '1 to 4 hours/month'],
};

export const defaultBuild = (capability: Capability): Amount =>
  stated(`engineering.effort.${capability}.build`, EFFORT[capability][0], 'work_hour', EFFORT_SOURCE);

export const defaultUpkeep = (capability: Capability): Amount =>
  stated(`engineering.effort.${capability}.upkeep`, EFFORT[capability][1], 'work_hour/month', EFFORT_SOURCE);

export const defaults = {
  loadedRate: () =>
    stated(
      'engineering.loaded_rate',
      '91 USD/hour',
      'USD/work_hour',
      'US median software developer, 133,080 USD/year in May 2024 (BLS OOH), / 2,080 h x 1.42 for benefits (BLS ECEC, September 2022)',
    ),
  adapterBuild: () => stated('engineering.adapter.build', '8 to 32 hours', 'work_hour', EFFORT_SOURCE),
  adapterUpkeep: () => stated('engineering.adapter.upkeep', '0.5 to 2 hours/month', 'work_hour/month', EFFORT_SOURCE),
  adapterLearning: () =>
    stated(
      'engineering.adapter.learning',
      '0.9',
      '1',
      'assumption: each doubling of integrations takes 10 % off the average',
      { min: 0.5, max: 1 },
    ),
  gatewayIntegration: () => stated('engineering.gateway_integration', '4 to 16 hours', 'work_hour', EFFORT_SOURCE),
  migrationDirect: () => stated('engineering.migrations.direct', '6 to 24 hours', 'work_hour', EFFORT_SOURCE),
  migrationGateway: () => stated('engineering.migrations.gateway', '1 to 4 hours', 'work_hour', EFFORT_SOURCE),
  changeOver: (id: string) => stated(`strategies.${id}.migration`, '16 to 64 hours', 'work_hour', EFFORT_SOURCE),
  recoveredLater: () =>
    stated('outages.recovered_later', '20 % to 60 %', '1', 'assumption: part of the users come back', SHARE),
  response: () => stated('outages.response', '1 to 4 hours', 'work_hour', 'assumption: effort per incident'),
  commonCause: () =>
    stated(
      'outages.common_cause',
      '10 %',
      '1',
      'assumption: no dependence between sellers was found in 2023 to 2025, shared shocks such as 18 November 2025 exist',
      SHARE,
    ),
  billedShare: () => stated('outages.billed_share', '0', '1', 'assumption: failed attempts are not billed', SHARE),
  peakToMean: () =>
    stated(
      'traffic.peak_to_mean',
      '1.2 to 4.2',
      '1',
      'busiest minute over mean of public traces: 1.21 and 1.23 (Mooncake), 1.54 and 4.16 (Azure 2023)',
      { min: 1 },
    ),
  growth: () => stated('traffic.volume.growth', '0', 'fraction/month', 'assumption: flat volume', { min: -0.99 }),
  managedHop: (gateway: string) =>
    stated(
      `gateways.${gateway}.hop_latency`,
      '15 to 60 ms',
      'ms',
      'pooled assumption: published figures for managed gateways run from single digits to 100 ms',
      {},
    ),
  selfHostedHop: (gateway: string) =>
    stated(
      `gateways.${gateway}.hop_latency`,
      '2 to 15 ms',
      'ms',
      'pooled assumption: published medians of proxies in the same network',
      {},
    ),
  hostedDowntime: (gateway: string) =>
    stated(
      `gateways.${gateway}.downtime`,
      '0.05 %',
      '1',
      'assumption: some 22 minutes a month of one’s own failures',
      SHARE,
    ),
  machineDowntime: (gateway: string) =>
    stated(
      `gateways.${gateway}.serving.downtime`,
      '0.1 % to 1 %',
      '1',
      'assumption: 0.7 to 7 hours a month of one’s own failures, updates included',
      SHARE,
    ),
} as const;

/** All of them, for the strategies and gateways of a scenario, whether or not it states its own. */
export function defaultAmounts(
  strategies: readonly { readonly id: string; readonly kind: string }[],
  gateways: ReadonlyMap<string, FeeSchedule>,
): Amount[] {
  const { changeOver, managedHop, selfHostedHop, hostedDowntime, machineDowntime, ...plain } = defaults;
  return [
    ...Object.values(plain).map((make) => make()),
    ...CAPABILITY_IDS.flatMap((capability) => [defaultBuild(capability), defaultUpkeep(capability)]),
    ...strategies.filter(({ kind }) => kind === 'phased').map(({ id }) => changeOver(id)),
    ...[...gateways].flatMap(([id, { kind, serving }]) => [
      ...(kind === 'self_hosted' ? [selfHostedHop(id), hostedDowntime(id)] : [managedHop(id)]),
      ...(serving === undefined ? [] : [machineDowntime(id)]),
    ]),
  ];
}
