/**
 * Whether `--set` takes the path of an input: the scenario states it already, or its contract has a field there that can
 * stand by itself or beside what is stated. Facts of the price book that no scenario can name are not settable.
 */
import type { Question } from '../scenario/resolve.ts';
import { scenario as contract } from '../scenario/schema.ts';

/** Fields of a strategy that hold an amount. */
const OF_STRATEGY: ReadonlySet<string> = new Set(['hop_latency', 'migration', 'top_up']);

export function isSettable({ scenario, stated, gateways }: Question, path: string, value: number): boolean {
  const keys = path.split('.');
  const [first = '', second = '', ...rest] = keys;
  if (!/^[\w.-]+$/.test(path)) return false;
  if (first === 'strategies')
    return scenario.strategies.some(({ id }) => id === second) && rest.length === 1 && OF_STRATEGY.has(rest[0]!);
  if (first === 'gateways' && !gateways.has(second)) return false;
  if (stated.has(path)) return true;
  if (!Object.hasOwn(contract.shape, first)) return false;
  const field = contract.shape[first as keyof typeof contract.shape];
  const read = field.safeParse(keys.slice(1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value));
  if (read.success) return true;
  // What is missing beside it, the scenario states.
  return read.error.issues.every(
    ({ code, path: at }) => code !== 'unrecognized_keys' && stated.has([first, ...at].map(String).join('.')),
  );
}
