import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { billLine } from '../../src/measurements/bill-line.ts';
import { jsonSchemaOf } from '../../src/scenario/json-schema.ts';

const FILE = path.resolve(import.meta.dirname, '../../bill.schema.json');

it('bill.schema.json is what the contract gives (npm run schemas)', () => {
  const given = JSON.parse(JSON.stringify(jsonSchemaOf('Line of a bill for tollgate reconcile', billLine)));
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(given);
});

it('what a bill does not count was none, and what it does not name is told', () => {
  const line = { simulated: false, time: '2026-11-21T10:00:00Z', id: 'r1', idempotency_key: null, model: 'm' };
  expect(billLine.parse({ ...line, nano_usd: 5, input_tokens: 3 })).toMatchObject({ input_tokens: 3, images: 0 });
  expect(billLine.safeParse({ ...line, nano_usd: 0.5 }).success).toBe(false);
  expect(billLine.safeParse({ ...line, nano_usd: 5, prompt_tokens: 3 }).success).toBe(false);
});
