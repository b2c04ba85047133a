/**
 * Prepare: question + usage + price book -> model. Every look-up by date, seller, capability and path happens here;
 * afterwards there are numbers alone. Milliseconds.
 */
import { type BestContract, chooseContracts } from './analysis/best-contract.ts';
import { type BestSwitch, chooseSwitches } from './analysis/best-switch.ts';
import { CAPABILITIES, type Capability } from './capabilities.ts';
import { type BuildChoice, decideBuilds } from './choices.ts';
import type { OutageRenewal } from './conditions/outage-renewal.ts';
import type { Passage } from './constraints.ts';
import { type Access, rowsThrough, servesItself } from './costs/access.ts';
import { cacheFees } from './costs/cache-fees.ts';
import { declarePhased } from './costs/change-over.ts';
import { commit } from './costs/commitments.ts';
import type { CostInputs, Spend } from './costs/cost-inputs.ts';
import { tellCoveredInPart } from './costs/covered-in-part.ts';
import { credits } from './costs/credits.ts';
import { type Demand, declareDemand, tellsHours } from './costs/demand.ts';
import { earlyAccess, lagOf } from './costs/early-access.ts';
import { engineering } from './costs/engineering.ts';
import { Failures } from './costs/failures.ts';
import { gatewayFees } from './costs/gateway-fees.ts';
import { infrastructure } from './costs/infrastructure.ts';
import { latency, meanHop, meanLatencyMs } from './costs/latency.ts';
import { outages } from './costs/outages.ts';
import { ownHardware } from './costs/own-hardware.ts';
import { quality } from './costs/quality.ts';
import { Quotes } from './costs/quotes.ts';
import { replayedLosses } from './costs/replayed-losses.ts';
import { sellerBills } from './costs/seller-bills.ts';
import { tokenCharges } from './costs/token-charges.ts';
import { volumeDiscount } from './costs/volume-discounts.ts';
import type { Diagnostic } from './errors.ts';
import { buildPath, needPath } from './input-paths.ts';
import type { Input, Model, Quantity, Ref } from './model/model.ts';
import { Sheet } from './model/sheet.ts';
import { inUsd, type Money } from './pricing/fx.ts';
import type { PriceBook } from './pricing/price-book.ts';
import { NO_REPLAYS, type Replayed, type ReplayedStrategies } from './replay/replayed.ts';
import { builtForReplay, reliesOn } from './replay-findings.ts';
import { claimedPaths } from './scenario/claimed-paths.ts';
import { defaults } from './scenario/defaults.ts';
import { kindOfNeed } from './scenario/needs.ts';
import { opened } from './scenario/opened.ts';
import { amountsIn } from './scenario/paths.ts';
import type { Question } from './scenario/resolve.ts';
import { type ServingSpec, serve } from './strategies/index.ts';
import type { UsageTable } from './usage/table.ts';

export interface Prepared {
  readonly model: Model;
  readonly demand: Demand;
  readonly quotes: Quotes;
  /** Per strategy id: what was decided on each need. */
  readonly choices: ReadonlyMap<string, readonly BuildChoice[]>;
  /** Per strategy id: the sellers that its traffic reaches, those of its fallback too; phased ones by way of their phases. */
  readonly passages: ReadonlyMap<string, readonly Passage[]>;
  /** Levels of contracts and months of change-over that were searched; the model holds what was chosen. */
  readonly contracts: readonly BestContract[];
  readonly switches: readonly BestSwitch[];
  /** By component of the model's worlds: how its outages come. */
  readonly outages: ReadonlyMap<string, OutageRenewal>;
  /** Quantities of the amounts that claims name, by path. */
  readonly claimed: ReadonlyMap<string, Ref>;
  readonly warnings: readonly Diagnostic[];
}

/** Inputs of what the scenario states and of defaults that a line reads; `open`: of all that a question could state too. */
export type Extent = 'as_asked' | 'open';

/** @param replays of strategies that are replayed: what they would have used takes the place of `usage` */
export function prepare(
  asked: Question,
  usage: UsageTable,
  book: PriceBook,
  replays: ReplayedStrategies = NO_REPLAYS,
  extent: Extent = 'as_asked',
): Prepared {
  const isOpen = extent === 'open';
  const question = isOpen ? { ...asked, scenario: opened(asked.scenario) } : asked;
  const { scenario } = question;
  const sheet = new Sheet(scenario.horizon);
  const { volume, peak_to_mean } = scenario.traffic;
  const demand = declareDemand(sheet, usage, {
    requests_per_month: volume.requests_per_month,
    growth: volume.growth ?? defaults.growth(),
    season: volume.season ?? {},
    start: scenario.start,
    isMadeUp: scenario.traffic.synthetic !== undefined,
    peak_to_mean: peak_to_mean ?? (usage.requests_per_minute.size === 0 ? defaults.peakToMean() : undefined),
  });
  sheet.model.discount = sheet.derive(
    '(1 + discount_rate) ^ (0 - (month + 1) / 12)',
    { discount_rate: sheet.amount(scenario.discount_rate), month: demand.month },
    '1',
  ).ref;

  const warnings = new Map<string, Diagnostic>();
  const accessOf = accessByStrategy(question, replays, usage);
  const common = {
    sheet,
    scenario,
    usage,
    demand,
    quotes: new Quotes(sheet, book, scenario, tellsHours(usage)),
    failures: new Failures(sheet, book, scenario.outages.hours_factor),
    isOpen,
    warn: (found: Diagnostic) => warnings.set(`${found.code} ${found.path} ${found.message}`, found),
    terms: (seller: string) => book.sellers.get(seller)?.terms,
    usd: (money: Money) => inUsd(money, book.exchange_rates, `${scenario.start}-01`),
    stated: (given: Parameters<CostInputs['stated']>[0], otherwise: Parameters<CostInputs['stated']>[1]) =>
      sheet.amount(given ?? otherwise()),
  };
  const baseline = baselineOf(question, common, accessOf, replays);
  const passages = new Map<string, readonly Passage[]>();
  for (const spec of servingSpecs(question)) {
    const replayed = replays.get(spec.id);
    const relies_on = relyOn(spec.id, replayed, accessOf(spec.id), common);
    const own = { id: spec.id, access: accessOf(spec.id), replayed, relies_on, usage: replayed?.result.usage ?? usage };
    const spends = declareStrategy({ ...common, ...baseline, ...own });
    passages.set(spec.id, passagesOf(accessOf(spec.id), spends));
  }
  declarePhased(scenario, sheet, common.stated);
  const claimed = claimedAmounts(question, sheet);
  for (const input of sheet.model.inputs) input.given = question.stated.has(input.path);
  const choices = decideBuilds(sheet.model, question, (id) => accessOf(id).brings);
  const contracts = decideContracts(sheet.model, question);
  const switches = decideSwitches(sheet.model, question);
  const { quotes } = common;
  return {
    model: sheet.model,
    demand,
    quotes,
    choices,
    passages,
    contracts,
    switches,
    outages: common.failures.renewals,
    claimed,
    warnings: [...warnings.values()],
  };
}

type Baseline = Pick<CostInputs, 'baseline_hop' | 'baseline_lag' | 'baseline_latency_ms' | 'baseline_quality'>;
type Common = Omit<CostInputs, 'id' | 'access' | 'has' | 'add' | 'replayed' | 'relies_on' | keyof Baseline>;

const servingSpecs = ({ scenario }: Question): ServingSpec[] =>
  scenario.strategies.filter((spec): spec is ServingSpec => spec.kind !== 'phased');

/** A replayed strategy whose policy is a chain falls back as its replay does, if the strategy itself says nothing. */
function accessByStrategy(
  question: Question,
  replays: ReplayedStrategies,
  { edges }: UsageTable,
): (id: string) => Access {
  const specs = new Map(servingSpecs(question).map((spec) => [spec.id, spec]));
  const known = new Map<string, Access>();
  const access = (id: string): Access => {
    const done = known.get(id);
    if (done !== undefined) return done;
    const spec = specs.get(id);
    if (spec === undefined) throw new Error(`no serving strategy "${id}"`);
    const served = serve(spec, { gateway: (gateway) => question.gateways.get(gateway)!, access, edges });
    const chain = replays.get(id)?.fallback ?? [];
    const made = served.fallback.length > 0 || chain.length === 0 ? served : { ...served, fallback: chain };
    known.set(id, made);
    return made;
  };
  return access;
}

/** What a replay uses has to be built where nobody brings it; what `needs` does not ask for is told. */
function relyOn(
  id: string,
  replayed: Replayed | undefined,
  { brings }: Access,
  { scenario, warn }: Common,
): ReadonlySet<Capability> {
  const found = replayed === undefined ? [] : reliesOn(replayed).filter((capability) => !brings.has(capability));
  for (const capability of found) {
    const isAsked = kindOfNeed(scenario.needs[capability]) !== 'none' || scenario.already_built.includes(capability);
    if (!isAsked) warn(builtForReplay(id, capability));
  }
  return new Set(found);
}

/** Latency and lag are counted against the baseline; a phased baseline counts as its first phase. */
function baselineOf(
  { scenario }: Question,
  common: Common,
  accessOf: (id: string) => Access,
  replays: ReplayedStrategies,
): Baseline {
  const spec = scenario.strategies.find((candidate) => candidate.id === scenario.baseline)!;
  const id = spec.kind === 'phased' ? spec.phases[0]!.via : spec.id;
  const access = accessOf(id);
  const replayed = replays.get(id);
  const { rows } = replayed?.result.usage ?? common.usage;
  const spends = access.channels.map((channel) => ({
    via: channel.via,
    window_requests: rowsThrough(channel, rows).reduce((total, row) => total + row.requests, 0),
  }));
  return {
    baseline_hop: meanHop({ ...common, access }, spends),
    baseline_lag: lagOf({ ...common, access }, spends),
    baseline_latency_ms: meanLatencyMs(replayed),
    baseline_quality: replayed?.quality,
  };
}

/** The components, in the order in which they build on each other. */
function declareStrategy(given: Omit<CostInputs, 'has' | 'add'>): readonly Spend[] {
  const { sheet, id } = given;
  const lines: number[] = [];
  const x: CostInputs = {
    ...given,
    has: (capability) => hasCapability(given, capability),
    add: (line) => {
      const { index, amount } = sheet.line(line);
      lines.push(index);
      return amount;
    },
  };
  const spends: readonly Spend[] = tokenCharges(x);
  const gifts = gatewayFees(x, spends);
  const bills = sellerBills(x, spends).map((bill) => commit(x, volumeDiscount(x, bill)));
  credits(x, gifts, bills);
  cacheFees(x);
  infrastructure(x, spends);
  ownHardware(x, spends);
  engineering(x, spends);
  tellCoveredInPart(x, spends);
  outages(x, spends);
  replayedLosses(x);
  latency(x, spends);
  quality(x);
  earlyAccess(x, spends);
  sheet.strategy(id, lines);
  return spends;
}

function passagesOf({ channels, fallback }: Access, spends: readonly Spend[]): Passage[] {
  const sold = fallback.filter((model) => !channels.some((channel) => servesItself(channel, model)));
  return channels.flatMap(({ own_keys }, i) => {
    const sellers = [...(spends[i]?.sellers ?? []), ...sold.map((model) => model.split('/')[0] ?? model)];
    return (spends[i]?.window_requests ?? 0) === 0 ? [] : sellers.map((seller) => ({ seller, own_keys }));
  });
}

function hasCapability(
  { sheet, scenario, access, id, relies_on, isOpen }: Omit<CostInputs, 'has' | 'add'>,
  capability: Capability,
): Quantity {
  const bringer = access.brings.get(capability);
  if (bringer !== undefined) return sheet.number(1, '1', `brought by ${bringer}`);
  if (scenario.already_built.includes(capability)) return sheet.number(1, '1', 'already built');
  if (relies_on.has(capability)) return sheet.number(1, '1', 'its replay relies on it');
  const need = kindOfNeed(scenario.needs[capability]);
  const [isNeeded, words] = need === 'required' ? [1, 'required'] : [0, 'not needed'];
  const own = isOpen ? sheet.input(flag(needPath(capability), isNeeded, words)) : sheet.number(isNeeded, '1', words);
  if (need !== 'optional') return own;
  const decision = `decision: 1 if ${CAPABILITIES[capability].toLowerCase()} is built, 0 if it is done without`;
  const chosen = sheet.input(flag(buildPath(id, capability), 1, decision));
  return isOpen ? sheet.derive('needed + (1 - needed) * chosen', { needed: own, chosen }, '1', decision) : chosen;
}

const flag = (path: string, value: number, source: string): Input => ({
  path,
  unit: '1',
  source,
  as_of: undefined,
  spec: { is: 'point', value },
  central: value,
  given: false,
});

/** What claims name is in the model, whether a line reads it or not. */
function claimedAmounts({ scenario, gateways }: Question, sheet: Sheet): Map<string, Ref> {
  const paths = claimedPaths(scenario);
  if (paths.size === 0) return new Map();
  const wanted = [...amountsIn(scenario), ...amountsIn(gateways)].filter(({ path }) => paths.has(path));
  return new Map(wanted.map((amount) => [amount.path, sheet.amount(amount).ref]));
}

/** Neither moves what optional needs decide: contracts touch sellers' bills alone, phases take their strategies' decisions. */
const decideContracts = (model: Model, { scenario }: Question): BestContract[] =>
  chooseContracts(
    model,
    Object.entries(scenario.contracts).flatMap(([seller, { commitment_usd_per_month, step_usd }]) =>
      commitment_usd_per_month === 'best' ? [{ seller, step_usd }] : [],
    ),
  );

const decideSwitches = (model: Model, { scenario }: Question): BestSwitch[] =>
  scenario.strategies.flatMap((spec) =>
    spec.kind === 'phased'
      ? chooseSwitches(
          model,
          model.phased.find(({ id }) => id === spec.id)!,
          spec.phases.map((phase) => phase.for),
        )
      : [],
  );
