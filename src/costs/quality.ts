/**
 * Quality: what answers of another quality than the baseline's are worth.
 *
 *   value lost = requests x usd_per_quality x (baseline_quality - quality),  quality = mean over answers, by route
 *
 * Signed: a better strategy gains. Example: 50,000 requests, 0.04 USD for a quality of 1 over 0, 30 % answered at 0.8 instead
 * of 0.9: 50,000 x 0.04 x 0.03 = 60 USD a month. Source: the scores that the scenario states for its routes, by one measure.
 * Not modelled: quality that differs by request, users that leave for it.
 */
import { notice } from '../errors.ts';
import type { CostInputs } from './cost-inputs.ts';

export function quality(x: CostInputs): void {
  const { sheet, scenario, replayed, baseline_quality } = x;
  const { quality: worth } = scenario.value;
  if (worth === undefined) return;
  if (replayed?.quality === undefined || baseline_quality === undefined) {
    const who = replayed?.quality === undefined ? x.id : `the baseline ${scenario.baseline}`;
    x.warn(
      notice(
        'QUALITY_UNKNOWN',
        x.id,
        `the quality of its answers is not counted: ${who} is not replayed, or a route that answered has no score under \`routing.quality\``,
      ),
    );
    return;
  }
  x.add({
    component: 'quality',
    cash: false,
    label: 'Quality below the baseline’s',
    timing: 'monthly',
    formula: 'requests * usd_per_quality * (baseline_quality - quality)',
    inputs: {
      requests: x.demand.requests,
      usd_per_quality: sheet.amount(worth),
      baseline_quality: sheet.number(baseline_quality, '1', `replay of ${scenario.baseline}: mean over its answers`),
      quality: sheet.number(replayed.quality, '1', `replay of ${x.id}: mean over its answers`),
    },
  });
}
