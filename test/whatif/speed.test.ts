import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluate.ts';
import { measure } from '../../src/measure.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { whatIfOf } from '../../src/whatif/build.ts';
import { Recomputer } from '../../src/whatif/recompute.ts';
import { requests } from '../costs/fixture.ts';
import { LARGE_MODELS, largeScenario } from './large-scenario.ts';
import { book } from './setting.ts';

const question = resolveScenario(
  largeScenario(
    'none.csv',
    { value: { per_request: '0.02 to 0.1 USD', latency: { churn_per_100ms: '0.01 % to 0.1 %' } } },
    { policy: { kind: 'fallback', to: ['anthropic/claude-haiku-4-5'] } },
  ),
  book,
);
const rollup = measure(question.scenario, book, '2026-12-01');
for (const [i, name] of LARGE_MODELS.entries()) {
  const [seller, model] = name.split('/') as [string, string];
  const own = { seller, model, input_tokens: 900 + 70 * i, cache_read_tokens: 300, output_tokens: 150 + 10 * i };
  for (const request of requests(50, own)) rollup.add(request);
}
const recomputer = new Recomputer(whatIfOf(evaluate(question, rollup.table(), book)));

/** Processor time of one, ms: what other work on the machine does not change. */
function cost(times: number, work: (i: number) => void): number {
  for (let i = 0; i < times / 4; i++) work(i);
  const from = process.cpuUsage();
  for (let i = 0; i < times; i++) work(i);
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000 / times;
}

describe('36 months, 5 strategies and 12 models', () => {
  it('are worked out anew in well under 5 ms', async ({ annotate }) => {
    const ms = cost(200, (i) => recomputer.run({ 'traffic.volume.requests_per_month': 1_000_000 + 10_000 * i }));
    await annotate(`a run: ${ms.toFixed(2)} ms`);
    expect(ms).toBeLessThan(10);
  });

  it('break even, a pair along a driver, in less than 50 ms', async ({ annotate }) => {
    const drivers = ['month', 'volume', 'markup', 'hourly_rate'];
    const ms = cost(20, (i) => {
      for (const driver of drivers) recomputer.breakEven({ price_factor: 1 - i / 100 }, driver, 'direct', 'openrouter');
    });
    await annotate(`break-even of a pair along a driver: ${(ms / drivers.length).toFixed(1)} ms`);
    expect(ms / drivers.length).toBeLessThan(50);
  });
});
