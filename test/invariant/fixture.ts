/** The bundled scenarios, evaluated as the command line does it, and variants of them by overrides. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Evaluation, evaluate } from '../../src/evaluate.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTraffic } from '../../src/io/read-traffic.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import type { Report } from '../../src/report/contract.ts';
import { reportOf } from '../report-of.ts';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));
export const SCENARIOS = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

export interface Run {
  readonly evaluation: Evaluation;
  readonly report: Report;
  readonly book: PriceBook;
}

export async function runScenario(name: string, sets: readonly string[] = []): Promise<Run> {
  const book = await readPriceBook();
  const file = folder + name;
  const question = await readScenario(file, sets, book);
  const traffic = await readTraffic(question.scenario, file, book);
  const evaluation = evaluate(question, traffic.usage, book, traffic.replays);
  return { evaluation, book, report: reportOf(evaluation, book) };
}
