/**
 * Outages of one component as a renewal renewal: the expectation, and worlds sampled from it.
 *
 *   down, share of time    p = hours_per_month / 730, hours summed over the severity classes
 *   failing, expected      sum over classes of hours x failing x in scope / 730, as costs/outages.ts prices it
 *   cycle                  C = D / p, D the mean hours of an incident; up U = C - D
 *   durations              log-normal: mu = ln D - sigma^2 / 2
 *   up times               gamma of mean U; starts vary by `gap_cv`: var(up) = (cv C)^2 - D^2 (exp(sigma^2) - 1)
 *   first interval         in equilibrium: down with probability p; what is left of an interval X is a uniform share of
 *                          one drawn by length: log-normal of mu + sigma^2, gamma of shape + 1
 *   begun fresh instead    hours too many, in the long run: D ((cv^2 + 1) / 2 - U / C) - p D exp(sigma^2) / 2
 *
 * Example, OpenAI's API: 25.55 h a month in incidents of 4.59 h, sigma 1.376, cv 1.34: p = 0.035, C = 131.14 h, variation
 * of up times 1.3859; begun fresh, a month has 1.45 h or 5.7 % too many.
 * Sources: Cox, Renewal Theory, 1962, chapters 2 and 5; parameters: pricing/outages.yaml. Each incident is of one class,
 * drawn by its share of the hours, whatever its length. How many there are follows from hours and mean length, as in
 * costs/failures.ts; recorded counts are higher, since recorded incidents overlap. Not modelled: hours of the day and week at
 * which incidents begin, incidents that change their class, those of several components at once (a component of their own
 * stands for them).
 */
import type { Random } from '../random.ts';
import { HOURS_PER_MONTH, MS_PER_HOUR } from '../units.ts';
import type { OutageInterval } from './outage-timeline.ts';

export interface OutageClass {
  readonly severity: string;
  readonly hours_per_month: number;
  readonly failing_fraction: number;
  /** Share of its incidents that touch the model in use. */
  readonly in_scope_fraction: number;
}

export interface OutageRenewal {
  readonly classes: readonly OutageClass[];
  readonly mean_hours_per_incident: number;
  /** Sigma of the log-normal of durations. */
  readonly duration_sigma: number;
  /** Variation of the time between starts over its mean; 1 is a Poisson renewal. */
  readonly gap_cv: number;
}

export interface Span {
  readonly from_ms: number;
  readonly until_ms: number;
}

/** What the outage history says of one seller: a record, and the shares that stand beside it, by severity class. */
export const renewalOf = <Severity extends string>(
  record: Omit<OutageRenewal, 'classes'> & { readonly hours_per_month: Readonly<Record<Severity, number>> },
  severity: Readonly<Record<Severity, { readonly central: number }>>,
  scope_match: Readonly<Record<Severity, { readonly central: number }>>,
): OutageRenewal => ({
  classes: (Object.keys(record.hours_per_month) as Severity[]).map((name) => ({
    severity: name,
    hours_per_month: record.hours_per_month[name],
    failing_fraction: severity[name].central,
    in_scope_fraction: scope_match[name].central,
  })),
  mean_hours_per_incident: record.mean_hours_per_incident,
  duration_sigma: record.duration_sigma,
  gap_cv: record.gap_cv,
});

/** One class that fails every request: what is known of a gateway is often its downtime alone. */
export const plainRenewal = (down_fraction: number, shape: Omit<OutageRenewal, 'classes'>): OutageRenewal => ({
  ...shape,
  classes: [
    { severity: 'full', hours_per_month: down_fraction * HOURS_PER_MONTH, failing_fraction: 1, in_scope_fraction: 1 },
  ],
});

/** Share of the time in which an incident is open, of whatever class and scope. */
export const downFraction = ({ classes }: OutageRenewal): number =>
  classes.reduce((total, { hours_per_month }) => total + hours_per_month, 0) / HOURS_PER_MONTH;

/** Share of the requests of one model that fail. */
export const expectedFailing = ({ classes }: OutageRenewal): number =>
  classes.reduce((total, c) => total + c.hours_per_month * c.failing_fraction * c.in_scope_fraction, 0) /
  HOURS_PER_MONTH;

/** Hours from one start to the next, on average. */
export const cycleHours = (renewal: OutageRenewal): number => renewal.mean_hours_per_incident / downFraction(renewal);

/** Where durations alone vary more than the starts are said to, up times are taken as nearly regular. */
const LEAST_CV = 0.1;

/** Variation of the times between an end and the next start. */
export function upVariation(renewal: OutageRenewal): number {
  const { mean_hours_per_incident: mean, duration_sigma, gap_cv } = renewal;
  const cycle = cycleHours(renewal);
  const variance = (gap_cv * cycle) ** 2 - mean ** 2 * Math.expm1(duration_sigma ** 2);
  return Math.max(LEAST_CV, Math.sqrt(Math.max(0, variance)) / (cycle - mean));
}

/** Hours of outage that a world begun just after a repair has too many, over a span of many cycles. */
export function freshStartExcessHours(renewal: OutageRenewal): number {
  const { mean_hours_per_incident: mean, duration_sigma, gap_cv } = renewal;
  const cycle = cycleHours(renewal);
  return (
    mean * ((gap_cv ** 2 + 1) / 2 - (cycle - mean) / cycle) -
    (downFraction(renewal) * mean * Math.exp(duration_sigma ** 2)) / 2
  );
}

/**
 * Incidents of one world, clipped to the span.
 * @param begins `in equilibrium`: the span begins at any moment, and expected hours are those of the expectation; `fresh`:
 * it begins just after a repair
 */
export function sampleOutages(
  renewal: OutageRenewal,
  component: string,
  { from_ms, until_ms }: Span,
  random: Random,
  begins: 'in equilibrium' | 'fresh' = 'in equilibrium',
): OutageInterval[] {
  const down = downFraction(renewal);
  if (down === 0) return [];
  if (!(down < 1)) throw new Error(`${component} is down ${down} of the time; allowed is below 1`);
  const draws = intervalDraws(renewal, random);
  const found: OutageInterval[] = [];
  let at_ms = from_ms;
  const incident = (hours: number): void => {
    const end_ms = at_ms + hours * MS_PER_HOUR;
    const { severity, failing_fraction } = drawClass(renewal.classes, random.uniform());
    found.push({ component, from_ms: at_ms, until_ms: Math.min(end_ms, until_ms), severity, failing_fraction });
    at_ms = end_ms;
  };
  if (begins === 'fresh') at_ms += draws.up() * MS_PER_HOUR;
  else if (random.uniform() < down) {
    incident(draws.restOfDown());
    at_ms += draws.up() * MS_PER_HOUR;
  } else at_ms += draws.restOfUp() * MS_PER_HOUR;
  while (at_ms < until_ms) {
    incident(draws.down());
    at_ms += draws.up() * MS_PER_HOUR;
  }
  return found;
}

/** Those incidents that touch one model, with that model as their component; models draw apart, from streams of their own. */
export function inScope(
  intervals: readonly OutageInterval[],
  renewal: OutageRenewal,
  component: string,
  random: Random,
): OutageInterval[] {
  const share = new Map(renewal.classes.map(({ severity, in_scope_fraction }) => [severity, in_scope_fraction]));
  return intervals.flatMap((interval) =>
    random.uniform() < (share.get(interval.severity) ?? 1) ? [{ ...interval, component }] : [],
  );
}

/** In hours. */
function intervalDraws(renewal: OutageRenewal, random: Random) {
  const { mean_hours_per_incident: mean, duration_sigma: sigma } = renewal;
  const mu = Math.log(mean) - sigma ** 2 / 2;
  const shape = 1 / upVariation(renewal) ** 2;
  const scale = (cycleHours(renewal) - mean) / shape;
  return {
    down: () => Math.exp(mu + sigma * random.normal()),
    restOfDown: () => random.uniform() * Math.exp(mu + sigma ** 2 + sigma * random.normal()),
    up: () => scale * gamma(shape, random),
    restOfUp: () => random.uniform() * scale * gamma(shape + 1, random),
  };
}

/** Gamma of this shape and scale 1: Marsaglia and Tsang, ACM TOMS 26 (2000); ten times as quick as its quantile. */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log1p(-random.uniform()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

function drawClass(classes: readonly OutageClass[], u: number): OutageClass {
  let rest = u * classes.reduce((total, { hours_per_month }) => total + hours_per_month, 0);
  for (const one of classes) {
    rest -= one.hours_per_month;
    if (rest < 0) return one;
  }
  return classes.findLast(({ hours_per_month }) => hours_per_month > 0)!;
}
