/**
 * How a system is used, as lines that run: in a scenario, in a router's file, in the targets of `smoke`.
 *
 * Takes the book and the ways in, gives YAML. What only a person knows stands as `your-…`. A route over a gateway keeps its
 * seller where both call the model alike; else it is the gateway's own name, which the router can't price and says so.
 */
import { accessOf, isAccess, type LiveAccess } from '../pricing/access.ts';
import { filledIn, placeholdersIn } from '../pricing/access-facts.ts';
import type { System as Named } from '../pricing/access-systems.ts';
import { periodAt } from '../pricing/as-of.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { SellerFile } from '../pricing/rate-card.ts';
import type { Snippet } from './system.ts';

export const lines = (...written: string[]): Snippet => ({ lines: written, instead: null });
export const nothing = (instead: string): Snippet => ({ lines: null, instead });

/** Models that most gateways sell, tried in this order. */
const WIDELY_SOLD = ['openai/gpt-4o-mini', 'openai/gpt-5.4', 'anthropic/claude-haiku-4-5', 'deepseek/deepseek-flash'];
/** Where the router listens by itself: who stands behind it listens elsewhere. */
const ROUTER_PORT = ':8787/';
/** Headers that carry a key which a router's file can name. */
const ROUTER_KEY_HEADERS = ['authorization', 'x-api-key', 'api-key'];

/** A chat model of a seller: the cheapest of the later half of its list that costs something on the date, else the first card. */
export function exampleModel({ seller, cards }: SellerFile, on: string): string | undefined {
  const chats = cards.flatMap((card) => {
    const prices = periodAt(card, on).period?.usd_per_mtok;
    const { input, output } = prices ?? {};
    return input === undefined || output === undefined
      ? []
      : [{ name: `${seller}/${card.model}`, usd: input + output }];
  });
  const later = chats.slice(Math.floor(chats.length / 2)).filter(({ usd }) => usd > 0);
  return (later.sort((a, b) => a.usd - b.usd)[0] ?? chats[0])?.name ?? (cards[0] && `${seller}/${cards[0].model}`);
}

/** What a target names: of a seller its own model, of a gateway one that it sells. */
export function exampleTarget(book: PriceBook, { id, isSeller }: Named, model: string | undefined): string | undefined {
  const candidates = isSeller ? (model === undefined ? [] : [model]) : WIDELY_SOLD.map((name) => `${id}/${name}`);
  return candidates.find((target) => {
    const found = accessOf(book, target);
    return isAccess(found) && found.priced_as !== undefined;
  });
}

export function inScenario(
  kinds: readonly string[],
  id: string,
  model: string | undefined,
  variants: readonly string[],
): Snippet {
  if (kinds.includes('local')) return onOwnMachine(id, model ?? `${id}/llama3.2`);
  if (kinds.includes('provider') && model !== undefined)
    return lines(
      `traffic: {trace: my-requests.csv, models: {default: "${model}"}}`,
      'baseline: direct',
      'strategies: [{id: direct, kind: direct}]',
    );
  const kind = kinds.includes('self-hosted gateway') ? 'self_hosted_gateway' : 'managed_gateway';
  const other = variants.map((one) => `  # another reading of its fees: add fee_variant: ${one}`);
  return lines(
    'strategies:',
    '  - {id: direct, kind: direct}',
    `  - {id: ${id}, kind: ${kind}, gateway: ${id}}`,
    ...other,
  );
}

/** A plain route to one seller: what stands before it, a client or this router, needs no more. */
export const plainRouter = lines(
  'routes: {mini: {seller: openai, model: gpt-4o-mini}}',
  'routing: {policy: {kind: single}}',
  'upstreams: {openai: {base_url: "https://api.openai.com/v1", key_env: OPENAI_API_KEY}}',
);

/** Nobody bills a token, the machine costs: what it takes, and a replay that sends requests there. Figures are assumptions. */
const onOwnMachine = (id: string, model: string): Snippet =>
  lines(
    `routes: {local: {seller: ${id}, model: "${model.slice(id.length + 1)}"}}`,
    'gateways:',
    '  own-machine:',
    '    kind: self_hosted',
    '    serving:',
    `      models: ["${model}"]`,
    '      machine: {price: 2500 to 6000 USD, life: 36 months, power: {draw: 150 to 350 W, price: 0.15 to 0.40 USD/kWh}}',
    '      time_per_request: 1 to 4 s',
    '      utilisation: 60 %',
    '      setup: 1 to 3 days',
    '      care: 1 to 4 hours/month',
    'strategies:',
    '  - {id: direct, kind: direct}',
    '  - {id: own, kind: self_hosted_gateway, gateway: own-machine}',
    'replay: {strategies: {own: {routing: {policy: local}}}}',
  );

export function inRouter(book: PriceBook, target: string | undefined): Snippet {
  if (target === undefined) return nothing('how it names a model is not known, so that no route can be written');
  const [system = ''] = target.split('/');
  const rest = target.slice(system.length);
  const ways =
    (book.sellers.get(system)?.access ?? book.gateways.get(system)?.access)?.also.map(({ name }) => name) ?? [];
  const access = [target, ...ways.map((way) => `${system}@${way}${rest}`)]
    .map((one) => accessOf(book, one))
    .filter(isAccess)
    .find(
      ({ api, key_env, key_header }) =>
        api === 'openai' && (key_env === undefined || ROUTER_KEY_HEADERS.includes(key_header)),
    );
  if (access === undefined) return nothing('its key goes in a header that a router’s file can’t name');
  const { api, key_env, key_header, priced_as } = access;
  const isAlike = priced_as?.model === access.model;
  const seller = isAlike ? priced_as.seller : system;
  const model = answered(access, access.model);
  const headers = Object.entries(access.headers).map(([name, value]) => `${name}: "${answered(access, value)}"`);
  const upstream = [
    `base_url: "${answered(access, access.base_url ?? '{base_url}')}"`,
    ...(key_env === undefined ? [] : [`key_env: ${key_env}`]),
    ...(key_env === undefined || key_header === 'authorization' ? [] : [`key_header: ${key_header}`]),
    ...(headers.length === 0 ? [] : [`headers: {${headers.join(', ')}}`]),
    ...(api === 'openai' ? [] : [`api: ${api}`]),
  ].join(', ');
  return lines(
    `routes: {main: {seller: ${seller}, model: "${model}"}}`,
    'routing: {policy: {kind: single}}',
    `upstreams: {${seller}: {${upstream}}}`,
    ...(access.base_url?.includes(ROUTER_PORT) ? ['listen: {port: 8788}'] : []),
    ...(isAlike ? [] : ['# Its own name of the model has no rate card: the router tells no cost for it.']),
  );
}

export function inSmoke(book: PriceBook, target: string | undefined): Snippet {
  const access = target === undefined ? undefined : accessOf(book, target);
  if (access === undefined || !isAccess(access))
    return nothing('how it names a model is not known: a target takes base_url, model and priced_as');
  const open = access.ask.filter((one) => one.default === undefined);
  const answers = open.filter(({ name }) => name !== 'base_url').map(({ name }) => `${name}: ${answerTo(name)}`);
  const address = open.some(({ name }) => name === 'base_url') ? [`base_url: "${answerTo('base_url')}"`] : [];
  const given = [...address, ...(answers.length === 0 ? [] : [`answers: {${answers.join(', ')}}`])];
  return lines(
    'targets:',
    `  - ${[`{target: "${access.target}"`, ...given].join(', ')}}`,
    'required: [reachable, streaming, error_shape]',
  );
}

const answerTo = (name: string): string =>
  name === 'base_url' ? 'https://gateway.example/v1' : `your-${name.replaceAll('_', '-')}`;

/** What is asked for takes its default, else stands as `your-…`. */
const answered = ({ ask }: LiveAccess, text: string): string =>
  filledIn(
    text,
    Object.fromEntries(
      placeholdersIn(text).map((name) => [name, ask.find((one) => one.name === name)?.default ?? answerTo(name)]),
    ),
  );
