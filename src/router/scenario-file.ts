/**
 * A router's configuration out of a scenario, so that one file is simulated and run: `routes` as they are, the routing of one
 * replayed strategy, the rate limits of its conditions, and under `router` what only a router needs (upstreams, clients, log
 * and so on). Messages name the places in the scenario.
 *
 * Not taken over: what is simulated and no routing, as the strategy's response cache (`router.cache` says who shares answers),
 * its batches and what stands in the way of its routes. A file without `strategies` is a router's own and comes back as it is.
 */
import { inputError } from '../errors.ts';
import type { YamlFile } from '../io/read-yaml.ts';
import { didYouMean } from '../nearest.ts';
import { isObject, type JsonObject } from './reported-usage.ts';

type Where = YamlFile['where'];

export interface Written {
  readonly value: unknown;
  readonly where: Where;
}

/** @param strategy which one; may be left out where only one is replayed */
export function routerIn({ file, value, where }: YamlFile, strategy: string | undefined): Written {
  if (!isObject(value) || !('strategies' in value)) {
    if (strategy === undefined) return { value, where };
    throw inputError('ROUTER_STRATEGY', file, `is no scenario, so there is no strategy "${strategy}" in it`);
  }
  const replay = objectIn(value, 'replay');
  const strategies = objectIn(replay, 'strategies');
  const names = Object.keys(strategies);
  const name = strategy ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined || !Object.hasOwn(strategies, name)) {
    const said = strategy === undefined ? 'say which strategy is run: --strategy <name>' : `no strategy "${strategy}"`;
    throw inputError(
      'ROUTER_STRATEGY',
      where(['replay', 'strategies']),
      `${said}${didYouMean(strategy ?? '', names)}; replayed are ${names.join(', ') || 'none'}`,
    );
  }
  if (!isObject(value.router))
    throw inputError('ROUTER_FIELD', where(['router']), 'is missing; it says how sellers are reached: upstreams');
  const taken: Readonly<Record<string, readonly string[]>> = {
    routes: ['routes'],
    routing: ['replay', 'strategies', name, 'routing'],
    rate_limits: ['replay', 'conditions', 'rate_limits'],
  };
  const own = Object.keys(value.router).find((key) => Object.hasOwn(taken, key));
  if (own !== undefined)
    throw inputError('ROUTER_FIELD', where(['router', own]), `stands in the scenario: ${taken[own]!.join('.')}`);
  const written = Object.fromEntries(
    Object.entries(taken).flatMap(([key, path]) => {
      const found = path.reduce<unknown>((node, part) => (isObject(node) ? node[part] : undefined), value);
      return found === undefined ? [] : [[key, found]];
    }),
  );
  return {
    value: { ...value.router, ...written },
    where: (path) => {
      const [first, ...rest] = path;
      if (first === undefined) return where(['router']);
      return where([...(taken[String(first)] ?? ['router', first]), ...rest]);
    },
  };
}

const objectIn = (of: JsonObject, key: string): JsonObject => (isObject(of[key]) ? of[key] : {});
