/**
 * `tollgate router --check`: everything that a start would find, without listening or writing anything, and then what the
 * file means: routes with their prices, names, clients, budgets, limits. Gives lines; throws an InputError with all findings.
 */
import { InputError } from '../errors.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { wholeMs } from '../routing/exact.ts';
import type { RouterConfig } from './config.ts';
import { Prices } from './prices.ts';
import type { ReadConfig } from './read-config.ts';
import { RouteTable } from './route-table.ts';

export function checkedRouter(read: ReadConfig, book: PriceBook, now_ms: number): string[] {
  const { config, file } = read;
  const prices = new Prices(book, config.routes);
  const table = tableOf(read, prices, now_ms);
  const on = new Date(now_ms).toISOString().slice(0, 10);
  return [
    `${file} is right`,
    '',
    `routes, at prices of ${on} in USD per million tokens`,
    ...routeLines(read, prices, on),
    '',
    'names that clients ask for',
    ...namesOf(config, table).map((line) => `  ${line}`),
    '',
    config.clients === undefined ? 'clients: anybody on this machine' : 'clients',
    ...(config.clients ?? []).map((client) => `  ${clientLine(client)}`),
    ...headed('budgets', config.routing.budgets.map(budgetLine)),
    ...headed('limits of routes', Object.entries(config.rate_limits).map(limitLine)),
    '',
    `listens on ${config.listen.host}:${config.listen.port}; ${cacheWords(config)}; ${logWords(config)}`,
  ];
}

function tableOf({ config, file, keyless }: ReadConfig, prices: Prices, now_ms: number): RouteTable {
  try {
    return new RouteTable(config, keyless, prices, now_ms);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.diagnostics.map((one) => ({ ...one, path: `${file} ${one.path}` })));
  }
}

function routeLines({ config, keys, keyless }: ReadConfig, prices: Prices, on: string): string[] {
  const [chat, input] = [prices.routePrices(on), prices.inputPrices(on)];
  return Object.entries(config.routes).map(([name, { seller, model, tier, region }]) => {
    const price = chat[name];
    const costs =
      price !== undefined
        ? `exact: ${price.input_usd_per_mtok} in, ${price.output_usd_per_mtok} out`
        : input[name] !== undefined
          ? `exact: ${input[name].input_usd_per_mtok} in, no price of output`
          : 'unpriced per token: a hard budget refuses its chats';
    const { key_env, key_file } = config.upstreams[seller]!;
    const source = key_env ?? key_file;
    const key = keyless.has(seller) ? `key missing: ${source}` : keys.has(seller) ? `key: ${source}` : 'no key';
    const asked = [seller, model].join('/') + (tier === 'standard' ? '' : ` ${tier}`) + (region ? ` ${region}` : '');
    return `  ${name}: ${asked}; ${costs}; ${key}`;
  });
}

function namesOf({ models, routing }: RouterConfig, { models: known }: RouteTable): string[] {
  return [...known.keys()].map((name) => {
    const to = models[name];
    if (to === undefined) return name;
    return `${name}: ${Object.hasOwn(routing.policies, to) ? `the policy ${to}` : to}`;
  });
}

function clientLine({ name, team, models, budgets, limits }: NonNullable<RouterConfig['clients']>[number]): string {
  const parts = [
    team === undefined ? [] : [`team ${team}`],
    models === undefined ? [] : [`may ask for ${models.join(', ')}`],
    budgets === undefined ? [] : [`budgets ${budgets.join(', ')}`],
    limits === undefined ? [] : [perMinute(limits)],
  ].flat();
  return parts.length === 0 ? name : `${name}: ${parts.join('; ')}`;
}

function perMinute(limits: NonNullable<NonNullable<RouterConfig['clients']>[number]['limits']>): string {
  const { requests_per_minute, tokens_per_minute, concurrent_requests } = limits;
  return [
    requests_per_minute === undefined ? [] : [`${requests_per_minute.central} requests a minute`],
    tokens_per_minute === undefined ? [] : [`${tokens_per_minute.central} tokens a minute`],
    concurrent_requests === undefined ? [] : [`${concurrent_requests} at a time`],
  ]
    .flat()
    .join(', ');
}

const limitLine = ([route, limit]: [string, RouterConfig['rate_limits'][string]]): string =>
  `${route}: ${perMinute(limit)}${limit.per === 'key' ? ' for each client' : ''}`;

function budgetLine({ name, per, only, period, soft, hard }: RouterConfig['routing']['budgets'][number]): string {
  const whom = per === 'all' ? 'all together' : `each ${per}${only === undefined ? '' : ` of ${only.join(', ')}`}`;
  const amounts = [soft && `soft ${soft.central} USD`, hard && `hard ${hard.central} USD`].filter(Boolean);
  return `${name}: ${whom}, ${period === 'total' ? 'for ever' : `a ${period} in UTC`}, ${amounts.join(', ')}`;
}

const headed = (head: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', head, ...lines.map((line) => `  ${line}`)];

const cacheWords = ({ cache }: RouterConfig): string =>
  cache === undefined
    ? 'no response cache'
    : `answers are kept for ${wholeMs(cache.life) / 1000} s per ${cache.tenant}`;
const logWords = ({ log, routing }: RouterConfig): string =>
  log !== undefined
    ? `usage log in ${log.dir}`
    : `no usage log${routing.budgets.length === 0 ? '' : ', so that budgets begin at 0 at every start'}`;
