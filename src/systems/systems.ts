/**
 * All systems that can be named: the price book's sellers and gateways, the router, and what stands beside the book; each
 * with what is known of it, in the order of kinds and names. And the one that a person means.
 */
import { inputError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { systemsOf } from '../pricing/access-systems.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { byText } from '../units.ts';
import { beside } from './beside.ts';
import { BESIDE_THE_BOOK } from './beside-the-book.ts';
import { formatsOf, verifiedOf } from './proofs.ts';
import { SYSTEM_KINDS, type System } from './system.ts';
import { systemOf } from './system-of.ts';

export function knownSystems(book: PriceBook): readonly System[] {
  const names = systemsOf(book);
  const ids = [...new Set([...names.values()].map(({ id }) => id))];
  const inBook = ids.map((id) => {
    const also = [...names].filter(([name, one]) => one.id === id && name !== id).map(([name]) => name);
    return systemOf(book, names.get(id)!, also);
  });
  const rank = (one: System): number => SYSTEM_KINDS.indexOf(one.kinds[0]!);
  return [...inBook, ...BESIDE_THE_BOOK.map((one) => beside(one, formatsOf(one.id), verifiedOf(one.id)))].sort(
    (a, b) => rank(a) - rank(b) || byText(a.id, b.id),
  );
}

/** By id, by another of its names, or by its name as people write it; else an error with the nearest. */
export function systemCalled(systems: readonly System[], wanted: string): System {
  const key = plain(wanted);
  const called = (one: System): string[] => [one.id, ...one.also_called, one.name];
  const found =
    systems.find(({ id }) => id === wanted.toLowerCase()) ??
    systems.find((one) => called(one).some((name) => plain(name) === key));
  if (found !== undefined) return found;
  const all = systems.flatMap((one) => [one.id, ...one.also_called]);
  const near = didYouMean(wanted.toLowerCase(), all);
  throw inputError(
    'SYSTEM_UNKNOWN',
    wanted,
    `is no system that is known${near === '' ? `; known are ${systems.map(({ id }) => id).join(', ')}` : near}`,
  );
}

/** Letters and digits, without what stands in brackets: "Google (Gemini API)" is "google". */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\([^)]*\)/g, '')
    .replace(/[^a-z0-9]/g, '');
