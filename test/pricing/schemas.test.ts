import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { feeSchedule } from '../../src/pricing/fee-schedule.ts';
import { exchangeRates } from '../../src/pricing/fx.ts';
import { outageHistory } from '../../src/pricing/outage-history.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';

test.each([
  ['seller', sellerFile],
  ['gateway', feeSchedule],
  ['fx', exchangeRates],
  ['outages', outageHistory],
] as const)(
  'pricing/%s.schema.json is what the contract gives (node scripts/write-schemas.mjs)',
  async (name, schema) => {
    const text = await readFile(new URL(`../../pricing/${name}.schema.json`, import.meta.url), 'utf8');
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))));
  },
);
