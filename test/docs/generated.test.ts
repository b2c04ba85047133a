import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GENERATED, ROOT } from './documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'docs-'));
const PATIENT_MS = 120_000;

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'scripts/write-docs.mjs'), folder], { stdio: 'pipe' });
}, PATIENT_MS);
afterAll(() => rmSync(folder, { recursive: true }));

test.each([...GENERATED, 'support-chatbot.svg'])('docs/%s is what the code says (npm run docs)', (name) => {
  expect(readFileSync(join(ROOT, 'docs', name), 'utf8')).toBe(readFileSync(join(folder, name), 'utf8'));
});

test('every field of the reference says what it means', () => {
  const rows = readFileSync(join(ROOT, 'docs/scenario-reference.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(rows.length).toBeGreaterThan(500);
  expect(rows.filter((row) => row.endsWith('|  |'))).toEqual([]);
});
