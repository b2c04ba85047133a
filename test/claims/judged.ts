/** A scenario of the library, read, evaluated and judged once for all tests of a file; and what hand calculations share. */
import { fileURLToPath } from 'node:url';
import { claimsOf, type JudgedClaim } from '../../src/claims/claims-of.ts';
import { type Evaluation, evaluate } from '../../src/evaluate.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTraffic } from '../../src/io/read-traffic.ts';
import { COMPONENTS } from '../../src/report/contract.ts';

/** USD an hour. */
export const RATE = 91;
/** OpenRouter's, on credit. */
export const FEE = 0.055;
/** 95 % quantile of the standard normal. */
export const Z95 = 1.6448536269514722;

export interface Judged {
  readonly evaluation: Evaluation;
  readonly claims: readonly JudgedClaim[];
}

const priceBook = readPriceBook();
const known = new Map<string, Promise<Judged>>();

/** @param name below scenarios/, without ending */
export function judged(name: string, variant?: string): Promise<Judged> {
  const key = `${name} ${variant}`;
  const found = known.get(key) ?? judge(name, variant);
  known.set(key, found);
  return found;
}

async function judge(name: string, variant?: string): Promise<Judged> {
  const file = fileURLToPath(new URL(`../../scenarios/${name}.yaml`, import.meta.url));
  const book = await priceBook;
  const question = await readScenario(file, [], book, variant);
  const traffic = await readTraffic(question.scenario, file, book, {});
  const evaluation = evaluate(question, traffic.usage, book, traffic.replays);
  return { evaluation, claims: claimsOf(evaluation, COMPONENTS) };
}

export function claim({ claims }: Judged, id: string): JudgedClaim {
  const found = claims.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no claim "${id}" among ${claims.map((one) => one.id).join(', ')}`);
  return found;
}

/** Mean of a 90 % interval that is log-normal. */
export const mean = (low: number, high: number): number =>
  Math.sqrt(low * high) * Math.exp((Math.log(high / low) / (2 * Z95)) ** 2 / 2);
