/**
 * Writes the JSON Schemas that editors check scenarios, routers, bills and the price book's YAML with, from the contracts in dist/.
 * Run after a build: `node scripts/write-schemas.mjs`. A test says when they are out of date.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { billLine } from '../dist/measurements/bill-line.js';
import { feeSchedule } from '../dist/pricing/fee-schedule.js';
import { exchangeRates } from '../dist/pricing/fx.js';
import { outageHistory } from '../dist/pricing/outage-history.js';
import { sellerFile } from '../dist/pricing/rate-card.js';
import { routerConfig } from '../dist/router/config.js';
import { jsonSchemaOf, scenarioJsonSchema } from '../dist/scenario/json-schema.js';
import { targetsFile } from '../dist/smoke/targets-file.js';

const schemas = { seller: sellerFile, gateway: feeSchedule, fx: exchangeRates, outages: outageHistory };

for (const [name, schema] of Object.entries(schemas)) {
  const path = fileURLToPath(new URL(`../pricing/${name}.schema.json`, import.meta.url));
  await writeFile(path, `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), undefined, 2)}\n`);
}

const scenarioPath = fileURLToPath(new URL('../scenario.schema.json', import.meta.url));
const routerPath = fileURLToPath(new URL('../router.schema.json', import.meta.url));
await writeFile(routerPath, `${JSON.stringify(jsonSchemaOf('Tollgate router', routerConfig), undefined, 2)}\n`);
const targetsPath = fileURLToPath(new URL('../targets.schema.json', import.meta.url));
await writeFile(targetsPath, `${JSON.stringify(jsonSchemaOf('Tollgate smoke targets', targetsFile), undefined, 2)}\n`);
const billPath = fileURLToPath(new URL('../bill.schema.json', import.meta.url));
await writeFile(
  billPath,
  `${JSON.stringify(jsonSchemaOf('Line of a bill for tollgate reconcile', billLine), undefined, 2)}\n`,
);
await writeFile(scenarioPath, `${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`);
