/**
 * How a target is reached: `seller/model`, `gateway/seller/model`, or `gateway/…` with a name of the gateway's own; an `@`
 * names another way in, as in `alibaba@us/qwen-plus`.
 *
 * Takes a book and the text, gives address, key variable, headers, the name to send and what it is priced as, or one
 * diagnostic with the nearest names. What a person has to give is listed under `ask`; access-answers.ts puts the answers in.
 * A model without a rate card can be called and has no price, which is said. It calls nothing and reads no environment.
 */
import { type Diagnostic, notice, problem, warning } from '../errors.ts';
import {
  type AccessFacts,
  type AccessKind,
  type AccessQuestion,
  type CostReport,
  filledAll,
  type LiveApi,
  type LiveFeature,
  placeholdersIn,
  type WholeAccess,
  withFurther,
} from './access-facts.ts';
import { calledAs } from './access-models.ts';
import type { BookName } from './access-names.ts';
import { type System, systemsOf, unknownSystem, unknownWay } from './access-systems.ts';
import type { PriceBook } from './price-book.ts';

export interface Ask extends AccessQuestion {
  readonly name: string;
}

export interface LiveAccess {
  readonly target: string;
  /** Seller or gateway, as its file is called. */
  readonly system: string;
  /** Which of its ways in; absent: the main one. */
  readonly at?: string;
  readonly kind: AccessKind;
  /** With its version; placeholders stand for what is asked. Undefined: nobody knows it but who is asked. */
  readonly base_url: string | undefined;
  readonly api: LiveApi;
  readonly key_env: string | undefined;
  readonly key_header: string;
  /** `Bearer ` or nothing. */
  readonly key_prefix: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As it is sent. */
  readonly model: string;
  /** Whose rate card holds; a gateway's fees come on top. Undefined: unpriced, never 0. */
  readonly priced_as: BookName | undefined;
  readonly reports_cost: CostReport | undefined;
  readonly supports: Readonly<Partial<Record<LiveFeature, boolean>>>;
  readonly ask: readonly Ask[];
  readonly source: string;
  readonly as_of: string;
  readonly confidence: AccessFacts['confidence'];
  /** What is odd and stops nothing: no rate card, other prices. */
  readonly findings: readonly Diagnostic[];
}

const HEADER_BY_API: Readonly<Record<LiveApi, string>> = { openai: 'authorization', anthropic: 'x-api-key' };

/** How the target is reached, or why that can't be said. */
export function accessOf(book: PriceBook, target: string): LiveAccess | Diagnostic {
  const slash = target.indexOf('/');
  const [named = '', at] = (slash < 0 ? target : target.slice(0, slash)).split('@');
  const rest = slash < 0 ? '' : target.slice(slash + 1);
  const systems = systemsOf(book);
  const system = systems.get(named.toLowerCase());
  if (system === undefined) return unknownSystem(book, target, named, [...systems.keys()]);
  const { id, facts } = system;
  if (rest === '')
    return problem('ACCESS_TARGET', target, 'names no model; write seller/model or gateway/seller/model');
  if (facts === undefined)
    return problem('ACCESS_UNKNOWN', target, `how ${id} is reached is not known; its file has no access block`);
  const further = facts.also.find(({ name }) => name === at);
  if (at !== undefined && further === undefined) return unknownWay(target, id, at, facts);
  const whole: WholeAccess = further === undefined ? facts : withFurther(facts, further);
  const { model, name, findings } = calledAs(book, system, whole.model_names, rest);
  const way = at === undefined ? id : `${id}@${at}`;
  if (model === undefined)
    return problem('ACCESS_MODEL_NAME', target, `how ${id} calls ${rest} is not known; write ${way}/ and its own name`);
  const needsSeller = whole.key_of === 'seller' || Object.values(whole.headers ?? {}).some(namesSeller);
  if (name === undefined && needsSeller)
    return problem(
      'ACCESS_SELLER',
      target,
      `a request says here whose model it is: write ${way}/seller/model; ${findings.join('; ')}`,
    );
  return {
    target,
    system: id,
    ...(at === undefined ? {} : { at }),
    ...pointOf(book, system, whole, model, name),
    findings: [
      ...findings.map((message) =>
        warning('ACCESS_UNPRICED', target, `${message}; it is sent as ${model} and is unpriced`),
      ),
      ...(whole.own_prices && name !== undefined
        ? [notice('ACCESS_OWN_PRICES', target, 'is sold at prices of its own there, which this book does not hold')]
        : []),
    ],
  };
}

function pointOf(
  book: PriceBook,
  system: System,
  whole: WholeAccess,
  model: string,
  name: BookName | undefined,
): Omit<LiveAccess, 'target' | 'system' | 'at' | 'findings'> {
  const { api, model_names, source, as_of, confidence } = whole;
  const base_url = whole.base_url ?? whole.ask?.base_url?.default;
  const seller = name === undefined ? undefined : (model_names?.sellers?.[name.seller] ?? name.seller);
  const headers = filledAll(whole.headers ?? {}, { seller });
  const open = new Set(['base_url', ...[base_url ?? '', model, ...Object.values(headers)].flatMap(placeholdersIn)]);
  const key_header = whole.key_header ?? HEADER_BY_API[api];
  return {
    kind: whole.kind ?? system.kind,
    base_url,
    api,
    key_env: whole.key_of === 'seller' ? book.sellers.get(name?.seller ?? '')?.access?.key_env : whole.key_env,
    key_header,
    key_prefix: whole.key_prefix ?? (key_header === 'authorization' ? 'Bearer ' : ''),
    headers,
    model,
    priced_as: whole.own_prices ? undefined : name,
    reports_cost: whole.reports_cost,
    supports: whole.supports ?? {},
    ask: Object.entries(whole.ask ?? {}).flatMap(([key, asked]) => (open.has(key) ? [{ name: key, ...asked }] : [])),
    source,
    as_of,
    confidence,
  };
}

const namesSeller = (text: string): boolean => placeholdersIn(text).includes('seller');

export const isAccess = (found: LiveAccess | Diagnostic): found is LiveAccess => 'base_url' in found;
