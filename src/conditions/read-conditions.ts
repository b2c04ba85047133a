/**
 * Reads a `conditions:` block against the names that it may use, and tells all that is wrong at once, each with its path:
 * fields (schema.ts), outages that end before they start or overlap, names of components, routes and regions that nobody
 * knows, error rates that contradict each other.
 *
 * Takes parsed YAML, gives the conditions or throws an InputError. Outages are looked at before they are known to be well
 * formed, so that a wrong share in one doesn't hide a wrong name in another.
 */
import { diagnose, dotted } from '../diagnose.ts';
import { type Diagnostic, InputError, problem } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { routeErrorsOf } from './compile-conditions.ts';
import { errorsProblem } from './errors-in-bursts.ts';
import { type Conditions, conditions, outage } from './schema.ts';

export interface ConditionNames {
  /** Sellers, models (seller/model), gateways, and what several share. */
  readonly components: readonly string[];
  readonly routes: readonly string[];
  readonly regions: readonly string[];
}

const CODE = 'CONDITIONS';
type Where = (path: readonly PropertyKey[]) => string;

export function readConditions(
  input: unknown,
  names: ConditionNames,
  where: Where = (path) => dotted(['conditions', ...path]),
): Conditions {
  const parsed = conditions.safeParse(input);
  const found: Diagnostic[] = [
    ...(parsed.success ? [] : diagnose(CODE, parsed.error, conditions, input, where)),
    ...outageProblems(field(input, 'outages'), names.components, where),
    ...routeProblems(input, names, where),
  ];
  if (!parsed.success) throw new InputError(found);
  for (const [route, stated] of Object.entries(parsed.data.error_rate)) {
    const message = errorsProblem(routeErrorsOf(stated));
    if (message !== undefined) found.push(problem(CODE, where(['error_rate', route]), message));
  }
  if (found.length > 0) throw new InputError(found);
  return parsed.data;
}

const field = (input: unknown, key: string): unknown =>
  typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[key] : undefined;

const unknownName = (kind: string, name: string, known: readonly string[]): string =>
  `unknown ${kind} "${name}"${didYouMean(name, known)}; ${known.length === 0 ? 'there is none' : `known are ${known.join(', ')}`}`;

interface Placed {
  readonly place: number;
  readonly component: string;
  readonly from: string;
  readonly from_ms: number;
  readonly until_ms: number;
}

function outageProblems(input: unknown, components: readonly string[], where: Where): Diagnostic[] {
  if (!Array.isArray(input)) return [];
  const found: Diagnostic[] = [];
  const placed: Placed[] = [];
  input.forEach((entry: unknown, place) => {
    const say = (key: string, message: string) => found.push(problem(CODE, where(['outages', place, key]), message));
    const component = field(entry, 'component');
    if (typeof component === 'string' && !components.includes(component))
      say('component', unknownName('component', component, components));
    const span = outage.pick({ from: true, until: true }).safeParse({
      from: field(entry, 'from'),
      until: field(entry, 'until'),
    });
    if (!span.success) return;
    const { from, until } = span.data;
    const [from_ms, until_ms] = [Date.parse(from), Date.parse(until)];
    if (until_ms <= from_ms) say('until', `${until} is not after the start, ${from}`);
    else if (typeof component === 'string') placed.push({ place, component, from, from_ms, until_ms });
  });
  placed.forEach((later, i) => {
    const earlier = placed
      .slice(0, i)
      .find((o) => o.component === later.component && o.from_ms < later.until_ms && later.from_ms < o.until_ms);
    if (earlier !== undefined)
      found.push(
        problem(
          CODE,
          where(['outages', later.place]),
          `overlaps with ${where(['outages', earlier.place])}, which has ${later.component} down from ${earlier.from}; state the time of both once`,
        ),
      );
  });
  return found;
}

function routeProblems(input: unknown, names: ConditionNames, where: Where): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const block of ['rate_limits', 'error_rate', 'latency']) {
    const stated = field(input, block);
    if (typeof stated !== 'object' || stated === null || Array.isArray(stated)) continue;
    for (const [route, one] of Object.entries(stated)) {
      if (!names.routes.includes(route))
        found.push(problem(CODE, where([block, route]), unknownName('route', route, names.routes)));
      const hops = block === 'latency' ? field(one, 'hops') : undefined;
      if (!Array.isArray(hops)) continue;
      hops.forEach((hop: unknown, i) => {
        const region = field(hop, 'region');
        if (typeof region === 'string' && !names.regions.includes(region))
          found.push(
            problem(CODE, where([block, route, 'hops', i, 'region']), unknownName('region', region, names.regions)),
          );
      });
    }
  }
  return found;
}
