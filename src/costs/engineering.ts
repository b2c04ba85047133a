/**
 * Engineering: what a strategy has to build, keep up and migrate, in hours at the loaded rate.
 *
 *   capability   start: built x build_hours x rate; monthly: kept_up x upkeep_hours x rate
 *   adapters     start: first_hours x n^(1 + log2(learning)) x rate (Wright); monthly: n x upkeep_hours x rate
 *   gateway      start: integration hours x rate; monthly: the upkeep of one adapter; self-hosted: set-up and upkeep
 *   migrations   per_year / 12 x hours x rate a month
 *   done without monthly: (1 - built) x absence, value lost rather than cash
 *
 * Example: fallback of 40 h and 2 h/month at 100 USD/h: 4,000 USD once and 200 USD a month; two adapters of 16 h at a
 * learning rate of 0.9: 16 x 2^0.848 = 28.8 h. Source: the scenario, else the stated defaults.
 * Not modelled: hiring lead time, what the engineers would have built instead.
 */
import { CAPABILITIES, CAPABILITY_IDS, type Capability } from '../capabilities.ts';
import { WRIGHT_TOTAL_FORMULA } from '../conditions/learning-curve.ts';
import type { Quantity } from '../model/model.ts';
import { defaultBuild, defaults, defaultUpkeep } from '../scenario/defaults.ts';
import { askedFor, kindOfNeed } from '../scenario/needs.ts';
import type { CostInputs, Spend } from './cost-inputs.ts';

export function engineering(x: CostInputs, spends: readonly Spend[]): void {
  const rate = x.stated(x.scenario.engineering.loaded_rate, defaults.loadedRate);
  for (const capability of wanted(x)) capabilityLines(x, capability, rate);
  adapters(x, spends, rate);
  gateways(x, rate);
  migrations(x, spends, rate);
}

const line = { component: 'engineering', cash: true } as const;

/** What is asked for, what a replay relies on, and what may be asked for while somebody moves the needs. */
function wanted({ scenario, relies_on, isOpen }: CostInputs): Set<Capability> {
  const open = isOpen ? CAPABILITY_IDS.filter((capability) => !scenario.already_built.includes(capability)) : [];
  return new Set([...askedFor(scenario), ...relies_on, ...open]);
}

function capabilityLines(x: CostInputs, capability: Capability, rate: Quantity): void {
  if (x.access.brings.has(capability)) return;
  const effort = x.scenario.engineering.effort[capability];
  const upkeep_hours = x.stated(effort?.upkeep, () => defaultUpkeep(capability));
  const built = x.has(capability);
  const name = CAPABILITIES[capability];
  if (!x.scenario.already_built.includes(capability)) {
    const build_hours = x.stated(effort?.build, () => defaultBuild(capability));
    x.add({
      ...line,
      label: `Build: ${name}`,
      timing: 'start',
      formula: 'built * build_hours * rate',
      inputs: { built, build_hours, rate },
    });
  }
  x.add({
    ...line,
    label: `Upkeep: ${name}`,
    timing: 'monthly',
    formula: 'built * upkeep_hours * rate',
    inputs: { built, upkeep_hours, rate },
  });
  const need = x.scenario.needs[capability];
  const absence = typeof need === 'object' ? need.absence : undefined;
  // Required and moved away, a need is none, and its absence costs nothing.
  const isBorne = kindOfNeed(need) === 'optional' || (kindOfNeed(need) === 'required' && !x.isOpen);
  if (absence !== undefined && isBorne) {
    x.add({
      ...line,
      cash: false,
      label: `Doing without: ${name}`,
      timing: 'monthly',
      formula: '(1 - built) * usd_per_month',
      inputs: { built, usd_per_month: x.sheet.amount(absence) },
    });
  }
}

const sellerOf = (model: string): string => model.split('/')[0] ?? model;

/** One adapter per seller that is called directly, or that the policy of a replay names: a fallback has to be there before it is used. Own machines have a connection of their own. */
function adapters(x: CostInputs, spends: readonly Spend[], rate: Quantity): void {
  const direct = spends.filter(({ via }) => via === 'direct');
  const onOwnMachines = x.access.channels.flatMap(({ gateway }) => gateway?.serving?.models.map(sellerOf) ?? []);
  const named = direct.length === 0 ? [] : (x.replayed?.sellers ?? []).filter((one) => !onOwnMachines.includes(one));
  const sellers = new Set([...direct.flatMap((spend) => spend.sellers), ...named]);
  if (sellers.size === 0) return;
  const { adapter } = x.scenario.engineering;
  const integrations = x.sheet.number(sellers.size, '1', `sellers called directly: ${[...sellers].join(', ')}`);
  x.add({
    ...line,
    label: 'Build: adapters to sellers',
    timing: 'start',
    formula: `${WRIGHT_TOTAL_FORMULA} * rate`,
    inputs: {
      first_hours: x.stated(adapter.build, defaults.adapterBuild),
      integrations,
      learning_rate: x.stated(adapter.learning, defaults.adapterLearning),
      rate,
    },
  });
  x.add({
    ...line,
    label: 'Upkeep: adapters to sellers',
    timing: 'monthly',
    formula: 'integrations * upkeep_hours * rate',
    inputs: { integrations, upkeep_hours: x.stated(adapter.upkeep, defaults.adapterUpkeep), rate },
  });
}

function gateways(x: CostInputs, rate: Quantity): void {
  for (const channel of x.access.channels) {
    if (channel.gateway === undefined) continue;
    x.add({
      ...line,
      label: `Connect to the gateway (${channel.via})`,
      timing: 'start',
      formula: 'hours * rate',
      inputs: { hours: x.stated(x.scenario.engineering.gateway_integration, defaults.gatewayIntegration), rate },
    });
    x.add({
      ...line,
      label: `Upkeep: connection to the gateway (${channel.via})`,
      timing: 'monthly',
      formula: 'hours * rate',
      inputs: { hours: x.stated(x.scenario.engineering.adapter.upkeep, defaults.adapterUpkeep), rate },
    });
    const hosting = channel.gateway.kind === 'self_hosted' ? channel.gateway.self_hosting : undefined;
    if (hosting === undefined) continue;
    x.add({
      ...line,
      label: `Set up the gateway (${channel.via})`,
      timing: 'start',
      formula: 'hours * rate',
      inputs: { hours: x.sheet.amount(hosting.setup), rate },
    });
    x.add({
      ...line,
      label: `Run the gateway: upgrades and on-call (${channel.via})`,
      timing: 'monthly',
      formula: 'hours * rate',
      inputs: { hours: x.sheet.amount(hosting.upkeep), rate },
    });
  }
}

function migrations(x: CostInputs, spends: readonly Spend[], rate: Quantity): void {
  const plan = x.scenario.engineering.migrations;
  if (plan === undefined) return;
  const isDirect = spends.some((spend) => spend.via === 'direct' && spend.window_requests > 0);
  x.add({
    ...line,
    label: `Migrations between models and sellers (${isDirect ? 'direct' : 'through a gateway'})`,
    timing: 'monthly',
    formula: 'per_year / 12 * hours * rate',
    inputs: {
      per_year: x.sheet.amount(plan.per_year),
      hours: isDirect
        ? x.stated(plan.direct, defaults.migrationDirect)
        : x.stated(plan.gateway, defaults.migrationGateway),
      rate,
    },
  });
}
