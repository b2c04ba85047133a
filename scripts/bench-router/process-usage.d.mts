export const canMeasure: boolean;
export function ticksOf(text: string): number;
export function parentOf(text: string): number;
export function family(pid: number): number[];
export function cpu_ms(pids: readonly number[]): number;
export function machine_ms(): number;
export function rss_mb(pids: readonly number[]): number;
