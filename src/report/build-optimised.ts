/**
 * What was searched for a strategy (a month of change-over, a level of a contract, a split), in words: what is best, how much
 * it saves against doing without, how flat the optimum is, and that it is held. Every figure comes from the evaluation.
 */
import type { BestDecision } from '../analysis/best-decisions.ts';
import { isMaterial } from '../analysis/materiality.ts';
import type { Alternative, Evaluation } from '../evaluate.ts';
import type { ReportStrategy } from './contract.ts';
import { calendarMonth, listed, plural, share, usd } from './format.ts';

export function optimisedOf(evaluation: Evaluation, one: Alternative): NonNullable<ReportStrategy['optimised']> {
  if (one.isUnpriced) return [];
  return one.optimised.map((found) => ({
    decision: found.decision,
    label: labelOf(evaluation, one, found),
    unit: found.unit,
    value: found.value,
    npv_usd: found.npv_usd,
    simplest: found.simplest,
    simplest_npv_usd: found.simplest_npv_usd,
    material: found.is_material,
    flat: { ...found.flat },
    tried: found.tried.map((each) => ({ ...each })),
    reason: `${reasonOf(evaluation, one, found)} ${HELD}`,
  }));
}

const HELD = 'Chosen once at central values; break-even and sweeps hold it.';

/** A searched split: what goes where, and what it saves against the best single way. */
export function splitOf(evaluation: Evaluation, one: Alternative): ReportStrategy['split'] {
  const { split } = one;
  if (split === undefined || one.isUnpriced || !Number.isFinite(split.cost)) return undefined;
  const { materiality } = evaluation.question.scenario;
  const alone = evaluation.alternatives
    .filter(({ id, isUnpriced }) => split.between.includes(id) && !isUnpriced)
    .reduce<Alternative | undefined>(
      (best, other) => (best === undefined || other.npv_usd < best.npv_usd ? other : best),
      undefined,
    );
  const material = alone === undefined || isMaterial(one.npv_usd, alone.npv_usd, materiality);
  const ways = split.between.flatMap((via) => {
    const own = split.routes
      .filter((route) => route.via === via)
      .map(({ of }) => (of === '' ? 'what has no feature' : of));
    return own.length === 0 ? [] : [`${listed(own)} over ${via}`];
  });
  const searched = split.exact
    ? `the cheapest of all ${plural(split.tried, 'plan')}`
    : `the cheapest of ${plural(split.tried, 'plan')} tried; there are more`;
  const saving =
    one.comes_to !== undefined
      ? `It comes to ${one.comes_to}, and is not ranked.`
      : alone === undefined
        ? 'None of them has a price for all of the traffic by itself.'
        : savingOf(
            evaluation,
            { npv_usd: one.npv_usd, simplest_npv_usd: alone.npv_usd, is_material: material },
            `${alone.id} alone`,
          );
  return {
    by: split.by,
    routes: split.routes.map((route) => ({ ...route })),
    simplest: alone?.id ?? null,
    simplest_npv_usd: alone?.npv_usd ?? null,
    material,
    plans_tried: split.tried,
    exact: split.exact,
    reason: `${ways.join('; ')}: ${searched}. ${saving} ${HELD}`,
  };
}

const phasesOf = ({ question }: Evaluation, id: string): string[] => {
  const spec = question.scenario.strategies.find((candidate) => candidate.id === id);
  return spec?.kind === 'phased' ? spec.phases.map(({ via }) => via) : [];
};

function labelOf(evaluation: Evaluation, { id }: Alternative, { decision, subject }: BestDecision): string {
  if (decision === 'commitment') return `Commitment with ${subject}`;
  const phases = phasesOf(evaluation, id);
  return `Change-over from ${phases[Number(subject)]} to ${phases[Number(subject) + 1]}`;
}

function reasonOf(evaluation: Evaluation, one: Alternative, found: BestDecision): string {
  return found.decision === 'commitment'
    ? commitmentReason(evaluation, found)
    : changeOverReason(evaluation, one, found);
}

function changeOverReason(evaluation: Evaluation, { comes_to }: Alternative, found: BestDecision): string {
  const { start, horizon } = evaluation.question.scenario;
  const { value, tried, flat } = found;
  const inner = tried.filter((each) => each.value > 0 && each.value < horizon);
  if (comes_to !== undefined) {
    const nearest = inner.reduce<(typeof tried)[number] | undefined>(
      (best, each) => (best === undefined || each.npv_usd < best.npv_usd ? each : best),
      undefined,
    );
    const when = value === 0 ? 'at once' : 'never';
    const dearer =
      nearest === undefined
        ? ''
        : ` In between, ${after(start, nearest.value)} costs least: ${usd(nearest.npv_usd - found.npv_usd)} more.`;
    return `Best ${when} within ${plural(horizon, 'month')}: it comes to ${comes_to}, and is not ranked.${dearer}`;
  }
  const beside = ([-1, 1] as const).flatMap((step) => {
    const neighbour = tried.find((each) => each.value === value + step);
    if (neighbour === undefined) return [];
    return `a month ${step < 0 ? 'earlier' : 'later'} ${usd(neighbour.npv_usd - found.npv_usd)} more`;
  });
  const stretch =
    flat.from === flat.until
      ? ''
      : ` From ${flat.from} to ${plural(flat.until, 'month')} it costs at most ${share(evaluation.question.scenario.materiality)} more.`;
  return `Best ${after(start, value)}, of all months tried: ${beside.join(', ')}.${stretch} ${savingOf(evaluation, found, `${found.simplest} alone`)}`;
}

const after = (start: string, months: number): string =>
  months === 0 ? 'at once' : `after ${plural(months, 'month')} (${calendarMonth(start, months)})`;

function commitmentReason(evaluation: Evaluation, found: BestDecision): string {
  const { value, flat, subject } = found;
  const discount = evaluation.question.scenario.contracts[subject]?.discount?.central ?? 0;
  const rule = `At ${share(discount)} off, a committed dollar of list spend pays where at least ${share(1 - discount)} of the months use it.`;
  if (value === 0) return `Best is to commit nothing. ${rule}`;
  const stretch =
    flat.from === flat.until
      ? ''
      : ` Levels from ${usd(flat.from)} to ${usd(flat.until)} cost at most ${share(evaluation.question.scenario.materiality)} more.`;
  return `Best is ${usd(value)} a month. ${rule}${stretch} ${savingOf(evaluation, found, 'committing nothing')}`;
}

type Saving = Pick<BestDecision, 'npv_usd' | 'simplest_npv_usd' | 'is_material'>;

function savingOf({ question }: Evaluation, found: Saving, against: string): string {
  const { npv_usd, simplest_npv_usd, is_material } = found;
  const limit = share(question.scenario.materiality);
  const saved = `It saves ${usd(simplest_npv_usd - npv_usd)} against ${against}`;
  return is_material
    ? `${saved}.`
    : `${saved}, less than the ${limit} that count as material: not recommended over it.`;
}
