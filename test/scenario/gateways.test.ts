import { expect, test } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';

const scenario = (gateways: object) => ({
  name: 'One field',
  start: '2026-12',
  horizon: 12,
  traffic: { trace: 'a.csv' },
  baseline: 'litellm',
  strategies: [{ id: 'litellm', kind: 'self_hosted_gateway', gateway: 'litellm' }],
  gateways,
});

test('one field of what running a gateway takes is replaced, the others stay the price book’s', async () => {
  const book = await readPriceBook();
  const own = resolveScenario(scenario({ litellm: { self_hosting: { upkeep: '2 hours/month' } } }), book).gateways;
  const listed = book.gateways.get('litellm')!.self_hosting!;
  const { upkeep, ...others } = own.get('litellm')!.self_hosting!;
  expect(upkeep.central).toBe(2);
  expect(upkeep.central).not.toBe(listed.upkeep.central);
  const { upkeep: _listed, ...kept } = listed;
  expect(others).toEqual(kept);
});
