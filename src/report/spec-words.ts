/** A distribution in words, as the assumptions table shows it. */
import type { Spec } from '../distribution.ts';
import { number } from './format.ts';

export function specInWords(spec: Spec): string {
  switch (spec.is) {
    case 'point':
      return number(spec.value);
    case 'lognormal':
      return `${number(spec.p5)} to ${number(spec.p95)} (90 %, log-normal)`;
    case 'logitnormal':
      return `${number(spec.p5)} to ${number(spec.p95)} (90 %, within 0 to 1)`;
    case 'normal':
      return `${number(spec.p5)} to ${number(spec.p95)} (90 %, normal)`;
    case 'uniform':
      return `${number(spec.min)} to ${number(spec.max)} (uniform)`;
    case 'triangular':
    case 'pert':
      return `${number(spec.min)}, ${number(spec.mode)}, ${number(spec.max)} (${spec.is})`;
    case 'beta':
      return `mean ${number(spec.mean)}, sd ${number(spec.sd)} (beta)`;
    case 'discrete':
      return spec.points.map((point) => number(point.value)).join(', ');
    case 'empirical':
      return `${number(spec.values[0]!)} to ${number(spec.values.at(-1)!)} (${spec.values.length} measured values)`;
    case 'mixture':
      return spec.parts.map(({ weight, spec: part }) => `${number(weight)} x ${specInWords(part)}`).join('; ');
  }
}
