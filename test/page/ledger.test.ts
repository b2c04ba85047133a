/** claims.html in a browser: search, order and folds of its small script, its policy, its paper. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundlePage } from '../../scripts/bundle-page.mjs';
import { pageBundle } from '../../src/io/page-bundle.ts';
import type { Ledger, LedgerClaim } from '../../src/ledger/contract.ts';
import { ledgerHtml } from '../../src/ledger/html.ts';
import { browserPath, launchBrowser, openPage, WITHOUT_BROWSER } from './browser.ts';

const { ledger: script } = await bundlePage();

const claim = (text: string, verdict: LedgerClaim['verdict'], because: string): LedgerClaim =>
  ({
    run: 0,
    text,
    restated: null,
    because,
    as: 'stated',
    verdict,
    words: 'holds',
    over: [],
    rows: [],
    stretches: [],
    wrong: [],
    published: { for: [], against: [] },
    accounts: [],
    terms: [],
    figures: [],
    comparisons: [],
    id: 'a-claim',
    expression: 'a < b',
  }) as unknown as LedgerClaim;

const STATEMENTS = [
  ['C1', 'fails', 'Gateways always pay', 'Paper C', 'A fee of a fifth <script>alert(1)</script>'],
  ['C2', 'holds', 'Few requests, no gateway', 'Paper A', 'Hours of work decide'],
  ['C3', 'unknown', 'Nobody knows', 'Paper B', 'zebra'],
] as const;

const ledger = {
  version: '1',
  price_book_sha256: 'a'.repeat(64),
  runs: [{ name: 'Mine', variant: null, command: 'tollgate run mine.yaml', accounts: [] }],
  claims: STATEMENTS.map(([, verdict, text, , because]) => claim(text, verdict, because)),
  statements: STATEMENTS.map(([number, verdict, text, source], i) => ({
    number,
    text,
    source,
    verdict,
    words: 'holds',
    decided_by: 'the fee',
    claims: [i],
  })),
  problems: [],
} as unknown as Ledger;

if (browserPath === undefined) test.skip(WITHOUT_BROWSER, () => {});

describe.skipIf(browserPath === undefined)('claims.html in a browser', () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-ledger-'));
  const url = pathToFileURL(join(folder, 'claims.html')).href;
  const listed = (page: Page): Promise<string[]> => page.locator('#verdicts tbody tr:visible th a').allInnerTexts();

  beforeAll(async () => {
    browser = await launchBrowser();
    writeFileSync(join(folder, 'claims.html'), ledgerHtml(ledger, new Map(), pageBundle(script)));
  });
  afterAll(() => browser?.close());

  test('finds statements by all that is said of them, and hides the sections of the others', async () => {
    const { page, complaints, requests } = await openPage(browser, url);
    await page.getByLabel('Search statements').fill('ZEBRA');
    expect(await listed(page)).toEqual(['C3']);
    expect(await page.locator('.statement:visible h2').allInnerTexts()).toEqual(['C3. Nobody knows']);
    expect(await page.locator('.line-search output').innerText()).toBe('1 statement');
    await page.getByLabel('Search statements').fill('');
    expect(await listed(page)).toEqual(['C1', 'C2', 'C3']);
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
    await page.context().close();
  });

  test('orders by verdict and by document, and back', async () => {
    const { page } = await openPage(browser, url);
    for (const [order, numbers] of [
      ['by verdict', ['C2', 'C1', 'C3']],
      ['by document', ['C2', 'C3', 'C1']],
      ['as listed', ['C1', 'C2', 'C3']],
    ] as const) {
      await page.getByLabel('Sort').selectOption(order);
      expect(await listed(page)).toEqual(numbers);
    }
    await page.context().close();
  });

  test('opens all folds and closes them again', async () => {
    const { page } = await openPage(browser, url);
    const open = (): Promise<number> => page.locator('details[open]').count();
    const all = await page.locator('details').count();
    expect(all).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Unfold all' }).click();
    expect(await open()).toBe(all);
    await page.getByRole('button', { name: 'Fold all' }).click();
    expect(await open()).toBe(0);
    await page.context().close();
  });

  test('stands there in full without script, which its policy names by hash and nothing else', async () => {
    const { page } = await openPage(browser, url, { javaScriptEnabled: false });
    expect(await listed(page)).toEqual(['C1', 'C2', 'C3']);
    expect(await page.locator('.line-search').count()).toBe(0);
    const html = ledgerHtml(ledger, new Map(), pageBundle(script));
    const policy = await page.locator('meta[http-equiv]').getAttribute('content');
    expect(policy).toMatch(/^default-src 'none'; .*; script-src 'sha256-[\w+/]+=*'$/);
    expect(policy?.match(/script-src/g)).toHaveLength(1);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(ledgerHtml(ledger, new Map())).not.toContain('<script');
    await page.context().close();
  });
});
