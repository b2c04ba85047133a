/**
 * Reads a `conditions:` block against the names that it may use, and tells all that is wrong at once, each with its path:
 * what the contract refuses (schema.ts), and names of components, routes and regions that nobody knows.
 *
 * Takes parsed YAML, gives the conditions or throws an InputError. Names are looked at before the block is known to be well
 * formed, so that a wrong share in one place doesn't hide a wrong name in another.
 */
import { diagnose, dotted } from '../diagnose.ts';
import { type Diagnostic, InputError, problem } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { type Conditions, conditions } from './schema.ts';

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
  if (!parsed.success || found.length > 0) throw new InputError(found);
  return parsed.data;
}

const field = (input: unknown, key: string): unknown =>
  typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[key] : undefined;

const unknownName = (kind: string, name: string, known: readonly string[]): string =>
  `unknown ${kind} "${name}"${didYouMean(name, known)}; ${known.length === 0 ? 'there is none' : `known are ${known.join(', ')}`}`;

function outageProblems(input: unknown, components: readonly string[], where: Where): Diagnostic[] {
  if (!Array.isArray(input)) return [];
  return input.flatMap((entry: unknown, place) => {
    const component = field(entry, 'component');
    if (typeof component !== 'string' || components.includes(component)) return [];
    const message = unknownName('component', component, components);
    return [problem(CODE, where(['outages', place, 'component']), message)];
  });
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
