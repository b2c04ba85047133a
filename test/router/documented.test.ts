import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { checkedRouter } from '../../src/router/check.ts';
import { readConfig } from '../../src/router/read-config.ts';

test('the router’s file in the documentation is right, and both of its models have prices', async () => {
  const guide = await readFile(resolve(import.meta.dirname, '../../docs/router.md'), 'utf8');
  const [, yaml] = /```yaml\n(# router\.yaml[\s\S]*?)```/.exec(guide)!;
  const file = join(await mkdtemp(join(tmpdir(), 'readme-')), 'router.yaml');
  await writeFile(file, yaml!);
  const read = await readConfig(file, { OPENAI_API_KEY: 'sk-1', MISTRAL_API_KEY: 'sk-2' });
  const lines = checkedRouter(read, await readPriceBook(), Date.parse('2026-11-21'));
  expect(lines.filter((line) => line.includes('exact:'))).toHaveLength(2);
  expect(lines).toContain('  assistant: mini');
});
