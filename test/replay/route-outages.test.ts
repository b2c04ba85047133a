import { expect, test } from 'vitest';
import { buildTimeline } from '../../src/conditions/outage-timeline.ts';
import { RouteOutages } from '../../src/replay/route-outages.ts';
import { outage } from './setting.ts';

const timeline = buildTimeline(
  ['gateway', 'openai', 'mistral'],
  [outage('gateway', 100, 200, 0.1), outage('openai', 150, 300, 0.5), outage('openai', 400, 500)],
);
const outages = new RouteOutages(timeline, [['openai', 'gateway'], ['mistral']]);

test('components in the way fail in series: a tenth and a half are 0.55', () => {
  const at = [0, 99, 100, 149, 150, 199, 200, 299, 300, 399, 400, 499, 500];
  const expected = [0, 0, 0.1, 0.1, 0.55, 0.55, 0.5, 0.5, 0, 0, 1, 1, 0];
  const asked = (times: readonly number[]) => times.map((time_ms) => outages.failing(0, time_ms));
  asked(at).forEach((share, i) => {
    expect(share).toBeCloseTo(expected[i]!, 12);
  });
  expect(asked([...at].reverse())).toEqual(asked(at).reverse());
});

test('a route strikes only where something in its way ever fails', () => {
  expect([outages.strikes(0), outages.strikes(1)]).toEqual([true, false]);
});
