/**
 * What a new configuration changes against the one before, in one line of names: `routes: +b -c, a; prices: a`. Values are
 * never told, since keys are compared too. A plus is new, a minus is gone, a bare name is another than it was.
 */
import type { RouterConfig } from './config.ts';

export interface Configured {
  readonly config: RouterConfig;
  /** Seller -> its key. */
  readonly keys: ReadonlyMap<string, string>;
  /** Route -> its prices. */
  readonly prices: Readonly<Record<string, unknown>>;
}

/** Empty: nothing changed. */
export function changesOf(before: Configured, after: Configured): string {
  const [old, now] = [blocksOf(before), blocksOf(after)];
  return Object.keys(now)
    .flatMap((block) => {
      const names = differences(old[block]!, now[block]!);
      return names.length === 0 ? [] : [`${block}: ${names.join(' ')}`];
    })
    .join('; ');
}

type Block = Readonly<Record<string, unknown>>;

function blocksOf({ config, keys, prices }: Configured): Readonly<Record<string, Block>> {
  const { routes, routing, upstreams, clients = [], models, rate_limits, ...rest } = config;
  const { policies, budgets, ...others } = routing;
  return {
    routes,
    routing: others,
    policies,
    budgets: byName(budgets),
    upstreams,
    keys: Object.fromEntries(keys),
    prices,
    clients: byName(clients),
    models,
    rate_limits,
    settings: rest,
  };
}

const byName = (list: readonly { readonly name: string }[]): Block =>
  Object.fromEntries(list.map((one) => [one.name, one]));

function differences(old: Block, now: Block): string[] {
  const added = Object.keys(now).filter((name) => !isStated(old, name) && isStated(now, name));
  const gone = Object.keys(old).filter((name) => isStated(old, name) && !isStated(now, name));
  const other = Object.keys(now).filter(
    (name) => isStated(old, name) && isStated(now, name) && JSON.stringify(old[name]) !== JSON.stringify(now[name]),
  );
  return [...added.map((name) => `+${name}`), ...gone.map((name) => `-${name}`), ...other];
}

const isStated = (block: Block, name: string): boolean => Object.hasOwn(block, name) && block[name] !== undefined;
