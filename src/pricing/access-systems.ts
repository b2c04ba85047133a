/**
 * What a target may call: the sellers and gateways of the book, under every name they go by, and this project's router.
 *
 * A seller that is listed among the gateways too (a host with prices of its own) is called as a seller. What is no name is
 * answered with the nearest ones, as targets. The router is no gateway of the book: it costs nothing but its machine.
 */
import { type Diagnostic, problem } from '../errors.ts';
import { didYouMean, nearest } from '../nearest.ts';
import { type AccessFacts, type AccessKind, accessFacts } from './access-facts.ts';
import type { PriceBook } from './price-book.ts';
import { resolveModel, SELLER_SPELLINGS } from './resolve.ts';

export interface System {
  readonly id: string;
  readonly kind: AccessKind;
  readonly facts: AccessFacts | undefined;
  /** Sells models at prices of its own: what follows its name is a model, not a seller. */
  readonly isSeller: boolean;
}

const ROUTER = 'tollgate';
const routerAccess: AccessFacts = accessFacts.parse({
  api: 'openai',
  ask: {
    base_url: {
      question: 'Where does your router listen, with /v1? The default is its own on this machine',
      default: 'http://127.0.0.1:8787/v1',
    },
  },
  model_names: { form: '{seller}/{model}' },
  supports: { chat: true, stream: true, stream_usage: true, tools: true, embeddings: true, models_list: true },
  reports_cost: { in: 'usage', name: 'cost', streamed: true },
  source: 'src/router of this project; whole answers have the header x-tollgate-cost-usd too',
  as_of: '2026-11-21',
  confidence: 'high',
  note: 'It needs a key where its file lists clients.',
});

/** By every name that a target may use, in lower case. */
export function systemsOf(book: PriceBook): Map<string, System> {
  const ids = new Set([...book.gateways.keys(), ...book.sellers.keys()]);
  const systems = new Map<string, System>();
  for (const id of ids) {
    const [seller, gateway] = [book.sellers.get(id), book.gateways.get(id)];
    const kind =
      gateway === undefined ? 'direct' : gateway.kind === 'managed' ? 'managed_gateway' : 'self_hosted_gateway';
    systems.set(id, { id, kind, facts: seller?.access ?? gateway?.access, isSeller: seller !== undefined });
  }
  if (!systems.has(ROUTER)) systems.set(ROUTER, { id: ROUTER, kind: 'router', facts: routerAccess, isSeller: false });
  const others = [
    ...[...systems.values()].flatMap(({ id, facts }) => (facts?.also_called ?? []).map((name) => [name, id] as const)),
    ...Object.entries(SELLER_SPELLINGS),
  ];
  for (const [name, id] of others) {
    const system = systems.get(id);
    if (system !== undefined && !systems.has(name)) systems.set(name, system);
  }
  return systems;
}

export function unknownSystem(book: PriceBook, target: string, named: string, known: readonly string[]): Diagnostic {
  const rest = target.slice(named.length);
  const bare = resolveModel(book, target);
  const meant =
    'unknown' in bare ? nearest(named, known).map((one) => `"${one}${rest}"`) : [`"${bare.seller}/${bare.model}"`];
  const hint =
    meant.length === 0 ? `; known are ${[...known].sort().join(', ')}` : ` (did you mean ${meant.join(', ')}?)`;
  return problem('ACCESS_UNKNOWN_SYSTEM', target, `no seller or gateway is called "${named}"${hint}`);
}

export function unknownWay(target: string, id: string, at: string, { also }: AccessFacts): Diagnostic {
  const names = also.map(({ name }) => name);
  const known = names.length === 0 ? 'it has one way in' : `it has ${names.map((name) => `${id}@${name}`).join(', ')}`;
  return problem('ACCESS_WAY', target, `${id} has no way in called "${at}"${didYouMean(at, names)}; ${known}`);
}
