/**
 * Gateways that no book lists and the scenario does not define, read from what stands in the file before the contract has taken
 * it: so that a misspelt gateway is told together with misspelt keys. Says nothing of what it can't read.
 */
import { didYouMean } from '../nearest.ts';
import type { PriceBook } from '../pricing/price-book.ts';

export interface MisspeltGateway {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export function misspeltGateways(raw: unknown, book: PriceBook): MisspeltGateway[] {
  const { strategies, gateways } = fieldsOf(raw);
  if (!Array.isArray(strategies)) return [];
  const known = [...new Set([...book.gateways.keys(), ...Object.keys(fieldsOf(gateways))])];
  return strategies.flatMap((strategy, i) => {
    const { gateway } = fieldsOf(strategy);
    return typeof gateway !== 'string' || known.includes(gateway)
      ? []
      : [{ path: ['strategies', i, 'gateway'], message: unknownGateway(gateway, known) }];
  });
}

export const unknownGateway = (gateway: string, known: readonly string[]): string =>
  `there is no gateway "${gateway}"${didYouMean(gateway, known)}; known are ${known.join(', ')}`;

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
