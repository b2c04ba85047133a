import type { Probe } from './probes.d.mts';

export interface Verdict {
  readonly verdict: 'pass' | 'fail' | 'none';
  readonly seen: string;
  readonly not: readonly string[];
}
export function runProbes(
  name: 'direct' | 'router' | 'nginx' | 'portkey',
  probes: readonly Probe[],
): Promise<{ readonly results: Readonly<Record<string, Verdict>> }>;
