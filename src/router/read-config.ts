/**
 * Reads a router's file and everything that it refers to: names, limits, keys from the environment. All that is wrong is
 * told at once, with file and line. Keys are kept apart from the configuration, so that nothing that prints it can tell
 * them; a message names a variable and never its value.
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { diagnose } from '../diagnose.ts';
import { type Diagnostic, InputError, problem } from '../errors.ts';
import { readYaml } from '../io/read-yaml.ts';
import { didYouMean } from '../nearest.ts';
import { compileRouting } from '../routing/compile.ts';
import { type Client, type RouterConfig, routerConfig } from './config.ts';
import { routerIn } from './scenario-file.ts';
import { ASKED_TIERS } from './seller-request.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ReadConfig {
  readonly file: string;
  readonly config: RouterConfig;
  /** Seller -> its key. */
  readonly keys: ReadonlyMap<string, string>;
  /** Sellers whose variable is missing; only where that is allowed. */
  readonly keyless: ReadonlySet<string>;
}

type Where = (path: readonly PropertyKey[]) => string;

export interface Reading {
  readonly allowMissingKeys?: boolean;
  /** Of a scenario, which strategy is run. */
  readonly strategy?: string | undefined;
}

export async function readConfig(
  file: string,
  env: Environment,
  { allowMissingKeys = false, strategy }: Reading = {},
): Promise<ReadConfig> {
  const { value, where } = routerIn(await readYaml(file), strategy);
  const read = routerConfig.safeParse(value);
  if (!read.success) throw new InputError(diagnose('ROUTER_CONFIG', read.error, routerConfig, value, where));
  const config = withClientBudgets(read.data);
  const sellers = [...new Set(Object.values(config.routes).map(({ seller }) => seller))];
  const keys = new Map<string, string>();
  const found = [
    ...unreachable(config, sellers, where),
    ...unknownNames(read.data, where),
    ...openDoor(config, where),
    ...inRouting(config, where),
  ];
  const keyless = new Set<string>();
  for (const seller of sellers) {
    const { key_env, key_file } = config.upstreams[seller] ?? {};
    if (key_env === undefined && key_file === undefined) continue;
    const key = key_file === undefined ? env[key_env!] : await keyIn(resolve(dirname(file), key_file));
    if (key !== undefined && /^[\x21-\x7e]+$/.test(key)) keys.set(seller, key);
    else if (allowMissingKeys && !key) keyless.add(seller);
    else {
      const path = ['upstreams', seller, key_file === undefined ? 'key_env' : 'key_file'];
      found.push(problem('ROUTER_KEY', where(path), keyMissing(config, seller, key)));
    }
  }
  if (found.length > 0) throw new InputError(found);
  return { file, config, keys, keyless };
}

/** What compiling finds whatever the prices are. */
function inRouting({ routes, routing }: RouterConfig, where: Where): Diagnostic[] {
  const price = { input_usd_per_mtok: 1, output_usd_per_mtok: 1 };
  try {
    compileRouting(routing, { routes, prices: Object.fromEntries(Object.keys(routes).map((name) => [name, price])) });
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map((one) => ({ ...one, path: where(keysOf(one.path)) }));
  }
}

/** `budgets[0].hard` as keys. */
const keysOf = (path: string): PropertyKey[] =>
  path.split(/\.|(?=\[\d+\])/).map((part) => (/^\[\d+\]$/.test(part) ? Number(part.slice(1, -1)) : part));

/** A line feed at the end is the editor's. */
async function keyIn(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trimEnd();
  } catch {
    return undefined;
  }
}

function keyMissing({ routes, upstreams }: RouterConfig, seller: string, key: string | undefined): string {
  const names = Object.keys(routes).filter((name) => routes[name]?.seller === seller);
  const { key_env, key_file } = upstreams[seller] ?? {};
  const state = key ? 'holds no key: a key is one line of plain text' : key_file ? 'is not there' : 'is not set';
  const place = key_file === undefined ? `environment variable ${key_env}` : `file ${key_file}`;
  return `the ${place} ${state}, so the routes of ${seller} (${names.join(', ')}) can't be used`;
}

function unreachable({ routes, upstreams }: RouterConfig, sellers: readonly string[], where: Where): Diagnostic[] {
  const known = Object.keys(upstreams);
  const missing = sellers
    .filter((seller) => !Object.hasOwn(upstreams, seller))
    .map((seller) =>
      problem(
        'ROUTER_UPSTREAM',
        where(['upstreams']),
        `has no entry for the seller "${seller}" of a route${didYouMean(seller, known)}`,
      ),
    );
  const unused = known
    .filter((seller) => !sellers.includes(seller))
    .map((seller) =>
      problem(
        'ROUTER_UPSTREAM',
        where(['upstreams', seller]),
        `no route has the seller "${seller}"${didYouMean(seller, sellers)}`,
      ),
    );
  const secret = known.flatMap((seller) =>
    Object.keys(upstreams[seller]?.headers ?? {})
      .filter((name) => /^(authorization|proxy-authorization|cookie|.*api-?key.*|.*token.*|.*secret.*)$/.test(name))
      .map((name) =>
        problem(
          'ROUTER_SECRET',
          where(['upstreams', seller, 'headers', name]),
          'carries a secret; name its variable under key_env',
        ),
      ),
  );
  return [...missing, ...unused, ...secret, ...unaskedTiers(routes, where)];
}

const TIERS = ['standard', 'batch', ...ASKED_TIERS];

/** A tier that no request can ask for would be priced and not served. */
const unaskedTiers = (routes: RouterConfig['routes'], where: Where): Diagnostic[] =>
  Object.entries(routes)
    .filter(([, { tier }]) => !TIERS.includes(tier))
    .map(([name, { tier }]) =>
      problem(
        'ROUTER_TIER',
        where(['routes', name, 'tier']),
        `this router can't ask for the tier ${tier}; it can for ${TIERS.join(', ')}`,
      ),
    );

function unknownNames(
  { routes, routing, models, rate_limits, clients = [] }: RouterConfig,
  where: Where,
): Diagnostic[] {
  const routeNames = Object.entries(routes).flatMap(([name, { seller, model }]) => [name, `${seller}/${model}`]);
  const targets = [...routeNames, ...Object.keys(routing.policies)];
  const asked = [...Object.keys(models), ...routeNames];
  const budgets = routing.budgets.map(({ name }) => name);
  const names = clients.map(({ name }) => name);
  const unknown = (kind: string, path: readonly PropertyKey[], name: string, known: readonly string[]): Diagnostic[] =>
    known.includes(name)
      ? []
      : [
          problem(
            'ROUTER_NAME',
            where(path),
            `there is no ${kind} "${name}"${didYouMean(name, known)}; known are ${known.join(', ') || 'none'}`,
          ),
        ];
  const twice = (key: 'name' | 'key_sha256'): Diagnostic[] =>
    clients.flatMap((client, i) =>
      clients.findIndex((other) => other[key] === client[key]) === i
        ? []
        : [problem('ROUTER_CLIENT', where(['clients', i, key]), 'two clients have the same')],
    );
  return [
    ...Object.entries(models).flatMap(([name, to]) => unknown('route or policy', ['models', name], to, targets)),
    ...Object.keys(rate_limits).flatMap((name) => unknown('route', ['rate_limits', name], name, Object.keys(routes))),
    ...clients.flatMap(({ models: allowed = [], budgets: own = [] }, i) => [
      ...allowed.flatMap((name, j) => unknown('model', ['clients', i, 'models', j], name, asked)),
      ...own.flatMap((name, j) => {
        const path = ['clients', i, 'budgets', j];
        const budget = routing.budgets.find((one) => one.name === name);
        if (budget === undefined || budget.per === 'key') return unknown('budget', path, name, budgets);
        return [
          problem(
            'ROUTER_BUDGET',
            where(path),
            `"${name}" is a budget per ${budget.per}; clients name budgets per key`,
          ),
        ];
      }),
    ]),
    ...routing.budgets.flatMap(({ per, only = [] }, i) =>
      per === 'key'
        ? only.flatMap((name, j) => unknown('client', ['routing', 'budgets', i, 'only', j], name, names))
        : [],
    ),
    ...twice('name'),
    ...twice('key_sha256'),
  ];
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

const openDoor = ({ clients, listen }: RouterConfig, where: Where): Diagnostic[] =>
  clients !== undefined || LOOPBACK.has(listen.host)
    ? []
    : [
        problem(
          'ROUTER_OPEN',
          where(['listen', 'host']),
          `${listen.host} can be reached from outside, and anybody could spend; name the clients under clients, or listen on 127.0.0.1`,
        ),
      ];

/** A budget that clients name holds for these alone. */
function withClientBudgets(config: RouterConfig): RouterConfig {
  const { clients = [], routing } = config;
  const named = (budget: string): string[] =>
    clients.filter((client: Client) => client.budgets?.includes(budget)).map(({ name }) => name);
  const budgets = routing.budgets.map((budget) => {
    const own = budget.per === 'key' ? named(budget.name) : [];
    return own.length === 0 ? budget : { ...budget, only: [...new Set([...(budget.only ?? []), ...own])] };
  });
  return { ...config, routing: { ...routing, budgets } };
}
