/** The server's pages in a browser: nothing complains, nothing is hard to read, nothing is wider than the window. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReportsServer, startReportsServer } from '../../src/reports-server/serve-reports.ts';
import { browserPath, launchBrowser, openPage, WITHOUT_BROWSER } from '../page/browser.ts';
import { HOSTILE } from '../report/fixture.ts';
import { uncertainReport } from '../report/uncertainty-fixture.ts';
import { emptyFolder, putReport, reportNamed } from './shelf-of-reports.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PAGES = [
  '/',
  '/?q=nothing',
  '/compare?a=first&b=second',
  '/compare?a=first&b=second&c=third',
  '/compare?a=x',
  '/none',
];

const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
};

describe.skipIf(browserPath === undefined)(`pages of the server (${browserPath ?? WITHOUT_BROWSER})`, () => {
  let browser: Browser;
  let server: ReportsServer;
  beforeAll(async () => {
    const root = emptyFolder();
    putReport(root, 'first', 1, reportNamed('Chat'));
    putReport(
      root,
      'second',
      2,
      reportNamed('Chat', (report) => {
        for (const assumption of report.assumptions) assumption.value *= 1.5;
        report.traffic.source = `${HOSTILE.script} ${'a-very-long-name-of-a-file'.repeat(8)}.csv`;
      }),
    );
    putReport(root, 'third', 3, {
      ...uncertainReport,
      scenario: { ...uncertainReport.scenario, name: HOSTILE.closing },
    });
    putReport(root, 'broken', 4, '{');
    server = await startReportsServer(root, 0, (error) => {
      throw error;
    });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it.each([
    [1400, 'light'],
    [380, 'dark'],
  ] as const)('fit %i pixels in %s, and pass the rules of accessibility', async (width, colorScheme) => {
    for (const address of PAGES) {
      const opened = await openPage(browser, `${server.origin}${address}`, {
        viewport: { width, height: 800 },
        colorScheme,
      });
      const { page, complaints, requests } = opened;
      const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
      expect({ address, overflow, violations: await violations(page) }).toEqual({
        address,
        overflow: 0,
        violations: [],
      });
      expect(complaints.filter((text) => !/status of 40[04]/.test(text))).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(server.origin))).toEqual([]);
      await page.context().close();
    }
  });

  it('search and compare without a script', async () => {
    const { page } = await openPage(browser, server.origin, { javaScriptEnabled: false });
    await page.getByLabel('Search names, questions and answers').fill('chat');
    await page.getByRole('button', { name: 'Search' }).click();
    expect(await page.getByRole('status').textContent()).toBe('2 reports with “chat”.');
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: 'Compare the chosen' }).first().click();
    expect(new URL(page.url()).search).toBe('?a=first&b=second');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Chat: two runs');
    await page.context().close();
  });

  it('prints the list without its controls', async () => {
    const { page } = await openPage(browser, server.origin);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.reports h2').first().isVisible()).toBe(true);
    expect(await page.locator('.reports h2').count()).toBe(4);
    for (const control of await page.locator('input, button').all()) expect(await control.isVisible()).toBe(false);
    await page.context().close();
  });
});
