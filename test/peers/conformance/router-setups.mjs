/**
 * What this router is told for the probes: a route for every model, chains for those with a spare seller, and per policy the
 * one block that it is about. A price book of its own, so that no change of a real price changes a result.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const OUTAGES = path.resolve(import.meta.dirname, '../../../pricing/outages.yaml');
export const COOLDOWN_MS = 600;
const BUDGETS = [{ name: 'day', period: 'day', hard: '0.05 USD' }];

/** Setup -> what stands under `routing` beside routes and chains. */
const ROUTING = {
  'all-open': { breaker: { failures: 1, cooldown: '1 minute' } },
  'half-open': { breaker: { failures: 1, cooldown: `${COOLDOWN_MS} ms` } },
  retries: { retries: { per_route: 2, base: '1 ms', jitter: 'none' } },
  'unpriced-budget': { budgets: BUDGETS },
  'budget-race': { budgets: BUDGETS },
};

/** Probes with the same share a process; those that change the state of all routes have one of their own. */
export const setupOf = ({ id, policy }) =>
  id in ROUTING ? id : ['retries', 'weights'].includes(policy) ? policy : 'plain';

export function configOf(probe, probes, upstream_url) {
  const setup = setupOf(probe);
  const models = probes.flatMap((probe) => Object.keys(probe.models));
  const chained = probes.filter((probe) => probe.policy === 'fallback').map(({ id }) => id);
  const weighted = { kind: 'weighted', of: [{ use: 'weights-zero-first', weight: 0 }] };
  return {
    routes: Object.fromEntries(models.map((model) => [model, { seller: sellerOf(model), model }])),
    routing: {
      policy: { kind: 'single' },
      ...ROUTING[setup],
      policies: Object.fromEntries([
        ...chained.map((id) => [`${id}-chain`, { kind: 'fallback', first: `${id}-first`, to: [`${id}-spare`] }]),
        ...(setup === 'weights' ? [['weights-zero-draw', weighted]] : []),
      ]),
    },
    models: Object.fromEntries([
      ...chained.map((id) => [id, `${id}-chain`]),
      ...(setup === 'weights' ? [['weights-zero', 'weights-zero-draw']] : []),
    ]),
    upstreams: Object.fromEntries(models.map((model) => [sellerOf(model), { base_url: `${upstream_url}/v1` }])),
    timeouts: { connect: '3 s', first_byte: '5 s', idle: '2500 ms' },
    log: { dir: 'log', format: 'jsonl', flush: '20 ms' },
  };
}

const sellerOf = (model) => (model.endsWith('-spare') ? 'spare' : 'probe');

/** A folder with prices for all models but those that are to have none. */
export function writePrices(probes) {
  const dir = mkdtempSync(path.join(tmpdir(), 'tollgate-prices-'));
  for (const folder of ['sellers', 'gateways']) mkdirSync(path.join(dir, folder));
  copyFileSync(OUTAGES, path.join(dir, 'outages.yaml'));
  const models = probes.flatMap((probe) => Object.keys(probe.models)).filter((model) => !model.startsWith('unpriced'));
  for (const seller of ['probe', 'spare']) {
    const cards = models
      .filter((model) => sellerOf(model) === seller)
      .map((model) => ({
        model,
        source: 'conformance',
        as_of: '2026-01-01',
        confidence: 'high',
        periods: [{ usd_per_mtok: { input: 10, cache_read: 1, output: 40 } }],
      }));
    writeFileSync(path.join(dir, 'sellers', `${seller}.yaml`), JSON.stringify({ seller, name: seller, cards }));
  }
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
