/**
 * Over which values a driver can be moved: the range that the scenario states, P5 to P95 widened, or a sensible one where it
 * states one number. The central value always lies within, and what a field can't hold lies outside.
 */
import { quantile, type Spec } from '../distribution.ts';
import { HOURLY_RATE_PATH, VOLUME_PATH } from '../input-paths.ts';

export interface Range {
  readonly least: number;
  readonly most: number;
  /** Where its field ends. */
  readonly lowest: number;
  readonly highest: number;
  readonly scale: 'linear' | 'log';
}

/** By path: what a driver covers at least, and where its field ends: never beyond what a scenario can hold. */
const KNOWN: readonly {
  readonly path: RegExp;
  readonly around: (central: number) => readonly [least: number, most: number];
  readonly limits?: readonly [least: number, most: number];
}[] = [
  { path: RegExp(`^${VOLUME_PATH.replaceAll('.', '\\.')}$`), around: (c) => [c / 10, c * 10], limits: [1, 1e15] },
  { path: RegExp(`^${HOURLY_RATE_PATH.replaceAll('.', '\\.')}$`), around: () => [40, 250] },
  { path: /\.token_markup$/, around: (c) => [0, Math.max(0.15, 2 * c)], limits: [0, 3] },
  { path: /\.top_up$/, around: (c) => [c / 4, c * 4], limits: [0.01, 1e15] },
  { path: /^traffic\.volume\.growth$/, around: () => [-0.05, 0.2], limits: [-0.99, 2] },
  {
    path: /^traffic\.volume\.season\./,
    around: (c) => [Math.min(0.25, c / 2), Math.max(3, 2 * c)],
    limits: [0.001, 100],
  },
  { path: /^discount_rate$/, around: () => [0, 0.2], limits: [-0.5, 2] },
  { path: /^price_factor$/, around: () => [0.25, 2] },
  { path: /^outages\.hours_factor$/, around: () => [0, 5] },
  { path: /^value\.per_request$/, around: (c) => [0, Math.max(0.1, 4 * c)] },
  { path: /\.(downtime|gateway_pooled_downtime)$/, around: (c) => [0, Math.max(0.005, 4 * c)], limits: [0, 1] },
  { path: /^contracts\..+\.discount$/, around: (c) => [0, Math.max(0.5, 2 * c)], limits: [0, 0.95] },
  { path: /\.error_rate$/, around: (c) => [0, Math.max(0.1, 4 * c)], limits: [0, 0.95] },
  { path: /\.fee$/, around: () => [0, 0.1] },
  { path: /\.learning$/, around: () => [0.75, 1], limits: [0.5, 1] },
  { path: /\.(target_utilisation|serving\.utilisation)$/, around: () => [0.2, 0.9], limits: [0.05, 1] },
  { path: /\.machine\.life$/, around: () => [12, 72], limits: [1, 1e15] },
  { path: /\.throughput\.(input|output)$/, around: (c) => [c / 4, c * 4], limits: [1e-6, 1e15] },
  { path: /^traffic\.(peak_to_mean|calls_per_task)$/, around: (c) => [1, Math.max(10, 4 * c)], limits: [1, 10_000] },
];

export function rangeOf(path: string, spec: Spec, central: number, isShare: boolean): Range {
  const known = KNOWN.find((one) => one.path.test(path));
  const [low, high] = known?.limits ?? [central < 0 || spec.is === 'normal' ? -1e15 : 0, isShare ? 1 : 1e15];
  const stated = spec.is === 'point' ? undefined : widened(quantile(spec, 0.05), quantile(spec, 0.95));
  const around = stated ?? known?.around(central) ?? sensible(central, isShare);
  const within = (value: number): number => Math.min(high, Math.max(low, value));
  const ends = (path === VOLUME_PATH ? [...around, central / 10, central * 10] : around).map(within);
  const least = Math.min(central, Number(Math.min(...ends).toPrecision(3)));
  const most = Math.max(central, Number(Math.max(...ends).toPrecision(3)));
  return {
    least,
    most,
    lowest: Math.min(low, least),
    highest: Math.max(high, most),
    scale: least > 0 && most / least >= 50 ? 'log' : 'linear',
  };
}

/** Half as much again on both sides; by a factor of 2 where the range lies above 0. */
const widened = (low: number, high: number): readonly [number, number] =>
  low > 0 ? [low / 2, high * 2] : [low - (high - low) / 2, high + (high - low) / 2];

function sensible(central: number, isShare: boolean): readonly [number, number] {
  if (isShare) return [0, 1];
  if (central === 0) return [0, 10];
  return central > 0 ? [central / 4, central * 4] : [central * 4, -central];
}
