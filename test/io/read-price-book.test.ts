import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { PRICE_BOOK_DIR, readPriceBook } from '../../src/io/read-price-book.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'price-book-'));
  await cp(PRICE_BOOK_DIR, dir, { recursive: true });
});
afterEach(() => rm(dir, { recursive: true }));

async function edit(file: string, from: string | RegExp, to: string): Promise<void> {
  const path = join(dir, file);
  const text = await readFile(path, 'utf8');
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`nothing to replace in ${file}`);
  await writeFile(path, edited);
}

async function problems(): Promise<string[]> {
  try {
    await readPriceBook(dir);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map((found) => `${found.code} ${found.path.replace(`${dir}/`, '')}: ${found.message}`);
  }
  return [];
}

describe('a sound book', () => {
  test('is read the same wherever it lies', async () => {
    const [own, copy] = [await readPriceBook(), await readPriceBook(dir)];
    expect(copy.digest).toBe(own.digest);
    expect(copy.digest).toMatch(/^[0-9a-f]{64}$/);
    expect([...copy.sellers.keys()]).toEqual([...own.sellers.keys()]);
  });

  test('keeps its digest when only comments change, and changes it with a price', async () => {
    const { digest } = await readPriceBook(dir);
    await edit('sellers/openai.yaml', 'name: OpenAI', '# who\nname: "OpenAI"');
    expect((await readPriceBook(dir)).digest).toBe(digest);
    await edit('sellers/openai.yaml', 'cache_read: 1.25', 'cache_read: 1.26');
    expect((await readPriceBook(dir)).digest).not.toBe(digest);
  });
});

describe('a book with mistakes', () => {
  test('states numbers: formulas are for scenarios', async () => {
    await edit('gateways/kong.yaml', 'value: 100', 'value: "= fee * 2"');
    expect(await problems()).toEqual([
      'PRICE_CONTRACT gateways/kong.yaml: "= fee * 2" is a formula; only scenarios have those, write the number',
    ]);
  });

  test('is told all of them at once, with file and line', async () => {
    await edit('sellers/openai.yaml', 'confidence: high', 'confidnce: high');
    await edit('sellers/openai.yaml', 'cache_read: 1.25', 'cache_red: 1.25');
    await edit('gateways/kong.yaml', 'value: 100', 'value: 100 GBP/month');
    await edit('outages.yaml', 'full: 0.482', 'full: 4820');
    const found = await problems();
    const lines = (wanted: string) => found.filter((one) => one.includes(wanted));
    expect(lines('sellers/openai.yaml:12 ').join()).toContain('did you mean "confidence"');
    expect(lines('sellers/openai.yaml:15 ')).not.toEqual([]);
    expect(lines('gateways/kong.yaml:').join()).toContain('unknown unit "GBP"');
    expect(lines('outages.yaml:').join()).toContain('730');
  });

  test('names both cards of one model', async () => {
    await edit('sellers/openai.yaml', 'model: gpt-4o-mini', 'model: gpt-4o');
    expect(await problems()).toEqual([
      expect.stringMatching(/^PRICE_DUPLICATE_MODEL sellers\/openai.yaml:19 .*"gpt-4o" is already the model of card 1/),
    ]);
  });

  test('names confirmed periods that share a day', async () => {
    await edit('sellers/deepseek.yaml', 'until: 2025-02-08', 'until: 2025-03-08');
    expect(await problems()).toEqual([
      expect.stringMatching(/^PRICE_PERIOD_OVERLAP sellers\/deepseek.yaml:27 .*confirmed periods may not/),
    ]);
  });

  test('does not accept a key twice', async () => {
    await edit('sellers/groq.yaml', 'name: Groq', 'name: Groq\nname: Groq');
    expect(await problems()).toEqual([expect.stringMatching(/^YAML sellers\/groq.yaml:4: .*stands here twice/)]);
  });

  test('does not accept a file that is called other than its seller', async () => {
    await edit('sellers/groq.yaml', 'seller: groq', 'seller: grok');
    expect(await problems()).toEqual([
      expect.stringMatching(/^PRICE_FILE_NAME sellers\/groq.yaml:2 seller: .*grok.yaml/),
    ]);
  });

  test('says what a price book consists of where the folder holds none', async () => {
    await rm(dir, { recursive: true });
    await writeFile(dir, '');
    const found = await problems();
    expect(found.filter((one) => one.startsWith('PRICE_BOOK_MISSING'))).toHaveLength(2);
    expect(found[0]).toContain('a price book has sellers/, gateways/ and outages.yaml');
  });
});
