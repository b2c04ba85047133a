/**
 * Lint of access blocks across the book: what one file alone cannot contradict.
 *
 * A rule of names that speaks of a seller or a card which is not there names nothing, and a name by which two systems go is
 * no name. Gives system, rule and message. What a block says of the world is not checked: that takes a call.
 */
import { didYouMean } from '../nearest.ts';
import { type AccessFacts, withFurther } from './access-facts.ts';
import { type PriceBook, rateCardOf } from './price-book.ts';

export type AccessRule = 'access_unknown_model' | 'access_name_twice';
export interface AccessFinding {
  readonly system: string;
  readonly rule: AccessRule;
  readonly message: string;
}

export function lintAccess(book: PriceBook): AccessFinding[] {
  const systems = [
    ...[...book.sellers.values()].map(({ seller, access }) => [seller, access] as const),
    ...[...book.gateways.values()].map(({ gateway, access }) => [gateway, access] as const),
  ].flatMap(([id, access]) => (access === undefined ? [] : [{ id, access }]));
  return [...systems.flatMap(({ id, access }) => unknownModels(book, id, access)), ...namesTwice(book, systems)];
}

function unknownModels(book: PriceBook, system: string, access: AccessFacts): AccessFinding[] {
  const rules = [access, ...access.also.map((further) => withFurther(access, further))].map((one) => one.model_names);
  const tell = (message: string): AccessFinding => ({ system, rule: 'access_unknown_model', message });
  const found = rules.flatMap((rule) => [
    ...[...Object.keys(rule?.sellers ?? {}), ...(rule?.versions_with_dots ?? [])]
      .filter((seller) => !book.sellers.has(seller))
      .map((seller) => tell(`model_names speaks of the seller "${seller}"${didYouMean(seller, book.sellers.keys())}`)),
    ...Object.keys(rule?.names ?? {})
      .filter((name) => !hasCard(book, name))
      .map((name) => tell(`model_names.names speaks of "${name}", which has no rate card`)),
  ]);
  return [...new Map(found.map((one) => [one.message, one])).values()];
}

function hasCard(book: PriceBook, name: string): boolean {
  const slash = name.indexOf('/');
  return rateCardOf(book, name.slice(0, slash), name.slice(slash + 1)) !== undefined;
}

function namesTwice(book: PriceBook, systems: readonly { id: string; access: AccessFacts }[]): AccessFinding[] {
  const owners = new Map<string, string>([...book.sellers.keys(), ...book.gateways.keys()].map((id) => [id, id]));
  return systems.flatMap(({ id, access }) =>
    access.also_called.flatMap((name): AccessFinding[] => {
      const owner = owners.get(name);
      owners.set(name, owner ?? id);
      const message = `also_called has "${name}", which is a name of ${owner}`;
      return owner === undefined ? [] : [{ system: id, rule: 'access_name_twice', message }];
    }),
  );
}
