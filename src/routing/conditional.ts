/**
 * Rules on what the request is: the first whose conditions all hold decides, else the last word.
 *
 * A condition on a name holds if the request's is one of those listed; one on the prompt's size, from inclusive, below
 * exclusive. Example: when [{feature: chat, prompt_tokens: {below: 1000}}]: chat with 999 tokens holds, with 1,000 not.
 * Not modelled: patterns, negation, conditions on the prompt's text.
 */
import { SERVICE_TIERS } from '../meters.ts';
import type { Random } from '../random.ts';
import { DIMENSIONS, type NamedDimension } from './names.ts';
import type { Order, Ordering } from './order.ts';
import type { PolicyOf, Rule, Size } from './policy.ts';
import { NAMED_FIELDS, namedValue, type RoutingRequest } from './request.ts';
import type { Part, Scope } from './scope.ts';
import type { RoutingState } from './state.ts';

/** Compiled conditions: fields by their place in NAMED_FIELDS with metadata behind, values as indices of names. */
export class Conditions {
  readonly fields: Int32Array;
  readonly values: readonly Int32Array[];
  readonly from_tokens: number;
  readonly below_tokens: number;

  constructor(names: readonly (readonly [field: number, values: readonly number[]])[], from = 0, below = 2 ** 53) {
    this.fields = Int32Array.from(names, ([field]) => field);
    this.values = names.map(([, values]) => Int32Array.from(values));
    this.from_tokens = from;
    this.below_tokens = below;
  }

  hold(request: RoutingRequest): boolean {
    if (request.prompt_tokens < this.from_tokens || request.prompt_tokens >= this.below_tokens) return false;
    for (let i = 0; i < this.fields.length; i++) {
      const found = namedValue(request, this.fields[i] as number);
      if (!(this.values[i] as Int32Array).includes(found)) return false;
    }
    return true;
  }
}

export class Conditional implements Ordering {
  readonly most: number;
  readonly isFixed = false;
  readonly conditions: readonly Conditions[];
  readonly branches: readonly Ordering[];
  readonly otherwise: Ordering;

  constructor(rules: readonly (readonly [Conditions, Ordering])[], otherwise: Ordering) {
    this.conditions = rules.map(([conditions]) => conditions);
    this.branches = rules.map(([, branch]) => branch);
    this.otherwise = otherwise;
    this.most = Math.max(otherwise.most, ...this.branches.map((branch) => branch.most));
  }

  push(order: Order, request: RoutingRequest, state: RoutingState, now_ms: number, random: Random): void {
    for (let i = 0; i < this.conditions.length; i++) {
      if (!(this.conditions[i] as Conditions).hold(request)) continue;
      (this.branches[i] as Ordering).push(order, request, state, now_ms, random);
      return;
    }
    this.otherwise.push(order, request, state, now_ms, random);
  }
}

/** What conditions are made of: those of a rule, or some of them. */
type Stated = Partial<Omit<Rule, 'use'>>;

export function compileConditional(policy: PolicyOf<'conditional'>, scope: Scope): Part {
  const rules = policy.when.map(({ use, ...stated }, i) => {
    const at = scope.at('when', i);
    if (Object.values(stated).every((one) => one === undefined))
      at.problem('ROUTING_RULE', 'has no condition; what holds for the rest stands under `else`');
    return { conditions: compileConditions(stated, at), part: at.at('use').target(use) };
  });
  const otherwise = scope.at('else').target(policy.else);
  const parts = [...rules.map(({ part }) => part), otherwise];
  return {
    ordering: new Conditional(
      rules.map(({ conditions, part }) => [conditions, part.ordering] as const),
      otherwise.ordering,
    ),
    routes: parts.flatMap((part) => part.routes),
    takesAssigned: parts.some((part) => part.takesAssigned),
  };
}

export function compileConditions(stated: Stated, scope: Scope): Conditions {
  const { names } = scope.setting;
  const listed = (found: string | readonly string[]): readonly string[] =>
    typeof found === 'string' ? [found] : found;
  const tests: (readonly [number, readonly number[]])[] = [];
  for (const dimension of DIMENSIONS) {
    const found = stated[dimension];
    if (found === undefined) continue;
    tests.push([NAMED_FIELDS.indexOf(dimension), listed(found).map((name) => names.index(dimension, name))]);
  }
  if (stated.tier !== undefined)
    tests.push([NAMED_FIELDS.indexOf('tier'), [stated.tier].flat().map((tier) => SERVICE_TIERS.indexOf(tier))]);
  for (const [key, found] of Object.entries(stated.metadata ?? {})) {
    const dimension: NamedDimension = `metadata.${key}`;
    const values = listed(found).map((value) => names.index(dimension, value));
    tests.push([NAMED_FIELDS.length + names.metadataKeys().indexOf(key), values]);
  }
  return new Conditions(tests, ...range(stated.prompt_tokens, scope.at('prompt_tokens')));
}

function range(size: Size | undefined, scope: Scope): [from: number | undefined, below: number | undefined] {
  const { from, below } = size ?? {};
  if (size !== undefined && from === undefined && below === undefined)
    scope.problem('ROUTING_RULE', 'is empty; allowed are from, below or both');
  if (from !== undefined && below !== undefined && from >= below)
    scope.problem('ROUTING_RULE', `no prompt is from ${from} and below ${below} tokens`);
  return [from, below];
}
