/** The project's own router as a target, in front of an upstream without a fault: what the suite asks of others holds for it. */
import { describe, expect, it } from 'vitest';
import { ALL_CHECKS } from '../../src/smoke/checks.ts';
import { liveCaller } from '../../src/smoke/live-caller.ts';
import { dialectOf } from '../../src/smoke/prepare-run.ts';
import { ReadyTarget } from '../../src/smoke/probe.ts';
import { Spending } from '../../src/smoke/spending.ts';
import { KEY as CLIENT_KEY, sha256, startRouter } from '../router/setting.ts';
import { faultBook, hasty } from './fault-run.ts';
import { FaultUpstream, KEY as SELLER_KEY } from './fault-upstream.ts';
import { run, target } from './setting.ts';

describe('the router before a sound upstream', () => {
  it.each(['openai', 'anthropic'] as const)('passes every check that the upstream passes (%s)', async (api) => {
    const upstream = await new FaultUpstream(api).listen();
    const routes = { m: { seller: 'alpha', model: 'm' }, e: { seller: 'alpha', model: 'e' } };
    const { router, url } = await startRouter(
      {
        routes,
        routing: { policy: { kind: 'single' } },
        models: { m: 'm', e: 'e' },
        upstreams: { alpha: { base_url: upstream.base_url, key_env: 'TEST_KEY', api } },
        clients: [{ name: 'web', key_sha256: sha256(CLIENT_KEY) }],
      },
      { book: faultBook },
    );
    const one = {
      api,
      key_env: 'TEST_KEY',
      key_header: api === 'anthropic' ? 'x-api-key' : 'authorization',
      key_prefix: api === 'anthropic' ? '' : 'Bearer ',
      embeddings_model: api === 'openai' ? 'e' : undefined,
      timeout_ms: 10_000,
    };
    const direct = target({
      ...one,
      base_url: upstream.base_url,
      reports_cost: { in: 'usage', name: 'cost', unit: 'USD', usd_per_unit: 1 },
    });
    const routed = target({
      ...one,
      id: 'router',
      kind: 'router',
      isBaseline: false,
      base_url: `${url}/v1`,
      reports_cost: { in: 'header', name: 'x-tollgate-cost-usd', unit: 'USD', usd_per_unit: 1 },
    });
    const callers = [liveCaller(direct, SELLER_KEY), liveCaller(routed, CLIENT_KEY)];
    try {
      const ready = [direct, routed].map((each, i) => new ReadyTarget(each, callers[i]!, dialectOf(each)));
      const found = await run(ready, ALL_CHECKS, { book: faultBook, clock: hasty, spending: new Spending(10) });
      const verdictsOf = (id: string) =>
        Object.fromEntries(found.findings.flatMap((each) => (each.target === id ? [[each.check, each.verdict]] : [])));
      const seen = found.findings.map((each) => `${each.target} ${each.check}: ${each.seen}`).join('\n');
      expect(verdictsOf('router'), seen).toEqual(verdictsOf('direct'));
      expect(Object.values(verdictsOf('router')), seen).not.toContain('fail');
      expect(Object.values(verdictsOf('router')), seen).not.toContain('not_run');
    } finally {
      await Promise.all(callers.map((caller) => caller.close()));
      await router.close();
      await upstream.close();
    }
  });
});
