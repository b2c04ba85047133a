export interface Probe {
  readonly id: string;
  readonly trap: number;
  readonly title: string;
  readonly requires: string;
}
export const PROBES: readonly Probe[];
export const TRAPS: Readonly<Record<number, string>>;
