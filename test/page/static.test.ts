/** The page as it is read, from files in a real browser: reports of three shipped scenarios, and one of hostile texts. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluate } from '../../src/evaluate.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTraffic } from '../../src/io/read-traffic.ts';
import { writeReport } from '../../src/io/write-report.ts';
import type { Report } from '../../src/report/contract.ts';
import { HOSTILE } from '../report/fixture.ts';
import { uncertainReport } from '../report/uncertainty-fixture.ts';
import { reportOf } from '../report-of.ts';
import { browserPath, launchBrowser, openPage, WITHOUT_BROWSER } from './browser.ts';

const NAMES = ['support-chatbot', 'single-model-low-volume', 'mvp-team-of-three'];
const DRAWS = 100;
/** Checked for barriers with every fold open; the longer ones as they first stand. */
const UNFOLDED = ['single-model-low-volume', 'hostile'];
const WIDTHS = [380, 1400];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'tollgate-page-'));
const paths = new Map<string, string>();
let browser: Browser;

async function write(name: string, report: Report): Promise<void> {
  paths.set(name, (await writeReport(report, join(folder, name))).html);
}

const open = (name: string, options: BrowserContextOptions = {}) =>
  openPage(browser, pathToFileURL(paths.get(name)!).href, options);

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

if (browserPath === undefined) test.skip(WITHOUT_BROWSER, () => {});

describe.skipIf(browserPath === undefined)('report.html in a browser', () => {
  beforeAll(async () => {
    browser = await launchBrowser();
    const book = await readPriceBook();
    for (const name of NAMES) {
      const file = `scenarios/${name}.yaml`;
      const question = await readScenario(file, [], book);
      const traffic = await readTraffic(question.scenario, file, book);
      await write(name, reportOf(evaluate(question, traffic.usage, book, traffic.replays, { draws: DRAWS }), book));
    }
    await write('hostile', uncertainReport);
  }, 120_000);
  afterAll(() => browser?.close());

  const ALL = [...NAMES, 'hostile'];

  test.each(ALL)('%s stays under 1.5 MB', (name) => {
    expect(readFileSync(paths.get(name)!).length).toBeLessThan(1_500_000);
  });

  test.each(ALL)('%s does not scroll sideways, narrow or wide, folded or unfolded', async (name) => {
    for (const width of WIDTHS) {
      const { page } = await open(name, { viewport: { width, height: 800 } });
      const overflow = () =>
        page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(await overflow(), `${width} px`).toBeLessThanOrEqual(0);
      await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
      expect(await overflow(), `${width} px, unfolded`).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });

  test.each(ALL)('%s complains of nothing and asks for nothing', async (name) => {
    const { page, complaints, requests } = await open(name);
    await page.waitForLoadState('load');
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
    await page.context().close();
  });

  test.each(ALL.flatMap((name) => (['light', 'dark'] as const).map((colorScheme) => ({ name, colorScheme }))))(
    '$name has no serious barrier in $colorScheme',
    async ({ name, colorScheme }) => {
      const { page } = await open(name, { colorScheme });
      if (UNFOLDED.includes(name))
        await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
      await page.evaluate(axe);
      const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResult;
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)).toEqual([]);
      await page.context().close();
    },
  );

  test('the first screen says which one, how sure, why and what would change it, and shows the chart', async () => {
    const { page } = await open('support-chatbot', { viewport: { width: 1400, height: 900 } });
    for (const words of ['How sure?', 'Why?', 'What would change it?', 'All strategies']) {
      const box = await page.getByRole('heading', { name: words }).boundingBox();
      expect(box!.y + box!.height, words).toBeLessThan(900);
    }
    const chart = await page.locator('.lead-chart.wide').boundingBox();
    expect(chart!.y + chart!.height).toBeLessThan(900);
    expect(await page.locator('h1').count()).toBe(1);
    await page.context().close();
  });

  test('the keyboard reaches every link, fold and region, and each shows that it has the focus', async () => {
    const { page } = await open('single-model-low-volume');
    const wanted = (await page.evaluate(`[...document.querySelectorAll('a[href],summary,[tabindex="0"]')]
      .filter((one) => one.checkVisibility()).length`)) as number;
    expect(wanted).toBeGreaterThan(30);
    const reached = new Set<number>();
    for (let i = 0; i < wanted; i++) {
      await page.keyboard.press('Tab');
      const [index, outline] = (await page.evaluate(`(() => {
        const one = document.activeElement;
        const all = [...document.querySelectorAll('a[href],summary,[tabindex="0"]')];
        return [all.indexOf(one), getComputedStyle(one).outlineStyle];
      })()`)) as [number, string];
      expect(outline).not.toBe('none');
      reached.add(index);
    }
    expect(reached.has(-1)).toBe(false);
    expect(reached.size).toBe(wanted);
    await page.context().close();
  });

  test('a folded line item opens by key and carries its data', async () => {
    const { page } = await open('single-model-low-volume');
    const strategy = page.locator('#line-item-list > details').first();
    await strategy.locator('> summary').press('Enter');
    const item = strategy.locator('.item').first();
    await item.locator('summary').press('Enter');
    expect(await item.locator('code').isVisible()).toBe(true);
    expect(Number.isFinite(Number(await item.getAttribute('data-usd')))).toBe(true);
    expect(await item.getAttribute('data-component')).toMatch(/^[a-z_]+$/);
    expect(await item.getAttribute('data-label')).not.toBe('');
    await page.context().close();
  });

  test('hostile texts are shown as text', async () => {
    const { page } = await open('hostile');
    const text = (await page.evaluate('document.body.textContent')) as string;
    for (const hostile of [HOSTILE.script, HOSTILE.closing, HOSTILE.attribute]) expect(text).toContain(hostile);
    expect(text).toContain('⟨U+202E⟩');
    expect(await page.locator('img, script, [onmouseover], a[href^="javascript"]').count()).toBe(0);
    await page.context().close();
  });

  test('on paper what is folded stays folded, no number is broken, nothing is wider than the page', async () => {
    const { page } = await open('support-chatbot', { viewport: { width: 718, height: 1000 } });
    const pages = async (): Promise<number> =>
      (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g)!.length;
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(718);
    expect(await page.locator('figure + details').first().isVisible()).toBe(false);
    expect(await page.locator('.item code').first().isVisible()).toBe(false);
    expect(await page.locator('.paper').isVisible()).toBe(true);
    const broken = `[...document.querySelectorAll('#by-model td.n:nth-child(-n + 3)')]
      .filter((cell) => {
        const words = document.createRange();
        words.selectNodeContents(cell);
        return new Set([...words.getClientRects()].map(({ top }) => top)).size > 1;
      }).map((cell) => cell.textContent)`;
    expect(await page.evaluate(broken)).toEqual([]);
    const folded = await pages();
    expect(folded).toBeLessThan(30);
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    expect((await page.locator('.item code').first().boundingBox())!.height).toBeGreaterThan(0);
    expect(await pages()).toBeGreaterThan(folded);
    await page.context().close();
  });
});
