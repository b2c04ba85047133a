/**
 * One run of a scenario, or of one of its variants, for the ledger: its claims judged, with the figures and the accounts that
 * they rest on. Plain JSON, so that it crosses threads. Draws nothing, writes nothing.
 */
import { claimsOf, type JudgedClaim } from '../claims/claims-of.ts';
import type { Alternative, Answer } from '../evaluate.ts';
import type { ReplayedStrategies } from '../replay/replayed.ts';
import { COMPONENTS } from '../report/contract.ts';
import { accountOf, factorsOf } from './accounts.ts';
import type { LedgerClaim, LedgerRun } from './contract.ts';
import { verdictWords } from './words.ts';
import { ON_COSTS, RANKING } from './workings.ts';

export interface RunName {
  readonly file: string;
  readonly name: string;
  readonly variant: LedgerRun['variant'];
  readonly command: string;
}

export interface JudgedRun {
  readonly run: LedgerRun;
  /** Without the place of the run, which the ledger gives. */
  readonly claims: readonly Omit<LedgerClaim, 'run'>[];
}

export function judgeRun(answer: Answer, replays: ReplayedStrategies, about: RunName): JudgedRun {
  const { question, prepared, alternatives, machine, recommendation } = answer;
  const { scenario } = question;
  const judged = claimsOf({ question, prepared, alternatives, replays }, COMPONENTS);
  const names = judged.flatMap(({ evidence }) => evidence.map(({ name }) => name.split('.')));
  const isNamed = (id: string): boolean => names.some(([head, ...parts]) => ON_COSTS.has(head!) && parts.includes(id));
  const onAll = names.some(([head]) => RANKING.has(head!));
  const ofAll = onAll ? [recommendation?.strategy, recommendation?.versus] : [];
  const factors = factorsOf(machine);
  const titles = new Map(scenario.strategies.map(({ id, title }) => [id, title ?? id]));
  return {
    run: {
      ...about,
      start: scenario.start,
      horizon_months: scenario.horizon,
      discount_rate_per_year: scenario.discount_rate.central,
      discount_factors: factors,
      baseline: scenario.baseline,
      ranking: alternatives.map(({ id, npv_usd, isUnpriced, ...one }) => ({
        strategy: id,
        npv_usd: isUnpriced ? null : npv_usd,
        ...notRanked(one),
      })),
      accounts: alternatives
        .filter((one) => !one.isUnpriced && (isNamed(one.id) || ofAll.includes(one.id)))
        .map((one) => accountOf(one, titles.get(one.id) ?? one.id, factors)),
    },
    claims: judged.map((claim) => claimOf(claim, prepared.model.inputs)),
  };
}

function notRanked({ excluded, comes_to, unranked }: Pick<Alternative, 'excluded' | 'comes_to' | 'unranked'>) {
  const why = excluded ?? (comes_to === undefined ? unranked : `comes to ${comes_to}`);
  return why === undefined ? {} : { not_ranked: why };
}

interface NamedInput {
  readonly path: string;
  readonly source: string;
}

function claimOf(claim: JudgedClaim, inputs: readonly NamedInput[]): Omit<LedgerClaim, 'run'> {
  const { region, over } = claim;
  const told = {
    id: claim.id,
    of: claim.of ?? null,
    as: claim.as,
    text: claim.text,
    source: claim.source,
    restated: claim.restated ?? null,
    expression: claim.expression,
    verdict: claim.verdict,
    here: claim.here,
    words: '',
    share_fraction: region?.share_fraction ?? null,
    over: over.map(({ path, unit, from, to, at }) => ({ path, unit, from, to, at })),
    boundary: (region?.boundary ?? []).map(({ x, y, below, above }) => ({
      values: y === undefined ? [x] : [x, y],
      below,
      above,
    })),
    stretches: (region?.stretches ?? []).map((one) => ({ ...one })),
    rows: (region?.rows ?? []).map(({ at, stretches }) => ({ at, stretches: stretches.map((one) => ({ ...one })) })),
    because: claim.because ?? null,
    wrong: claim.wrong.map((one) => ({ ...one })),
    published: { for: [...claim.published.for], against: [...claim.published.against] },
    comparisons: claim.comparisons.map(({ sides, operator, values, verdict }) => ({
      left: sides[0],
      operator,
      right: sides[1],
      left_value: plain(values[0]),
      right_value: plain(values[1]),
      verdict,
    })),
    figures: claim.evidence.map(({ name, unit, value }) => {
      const source = name.startsWith('input.')
        ? inputs.find(({ path }) => path === name.slice('input.'.length))?.source
        : undefined;
      return { name, unit, value: plain(value), ...(source === undefined ? {} : { source }) };
    }),
  };
  return { ...told, words: verdictWords(told) };
}

/** JSON has no infinity. */
const plain = (value: number | string | null): number | string | null =>
  value === Number.POSITIVE_INFINITY ? 'never' : typeof value === 'number' && !Number.isFinite(value) ? null : value;
