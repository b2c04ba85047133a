/** The report's live part in a real browser, from a file: what it computes is what the command line says. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LARGE_MODELS, largeScenario } from '../whatif/large-scenario.ts';
import { browserPath, launchBrowser, openPage, WITHOUT_BROWSER } from './browser.ts';
import { type Answer, answerOf, type LivePage, livePage } from './live-page.ts';

const CHATBOT = resolve(import.meta.dirname, '../../scenarios/support-chatbot.yaml');
const RATE = 'engineering.loaded_rate';
const VOLUME = 'traffic.volume.requests_per_month';
const MARKUP = 'gateways.openrouter.fees.token_markup';

let browser: Browser;
let folder: string;
let chatbot: LivePage;

beforeAll(async () => {
  if (browserPath === undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'tollgate-live-'));
  [browser, chatbot] = await Promise.all([launchBrowser(), livePage(folder, 'chatbot', CHATBOT)]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** What the page shows, by the exact numbers behind the rounded ones. */
async function shown(page: Page): Promise<Answer> {
  const rows = await page.locator('#what-if-panel tr[data-strategy]').evaluateAll((all) =>
    all.map((row) => ({
      id: row.getAttribute('data-strategy')!,
      npv_usd: Number(row.querySelector('[data-figure=npv]')!.getAttribute('data-value')),
    })),
  );
  return {
    npv_usd: Object.fromEntries(rows.map(({ id, npv_usd }) => [id, npv_usd])),
    strategy: (await page.locator('[data-figure=recommendation]').getAttribute('data-strategy')) || null,
  };
}

function expectSame(found: Answer, expected: Answer): void {
  expect(found.strategy).toBe(expected.strategy);
  expect(Object.keys(found.npv_usd).sort()).toEqual(Object.keys(expected.npv_usd).sort());
  for (const [id, usd] of Object.entries(expected.npv_usd))
    expect(Math.abs(found.npv_usd[id]! - usd), id).toBeLessThanOrEqual(1e-9 * Math.abs(usd));
}

const field = (page: Page, path: string) => page.locator(`input[type=text][data-path="${path}"]`);
const slider = (page: Page, path: string) => page.locator(`input[type=range][data-path="${path}"]`);
/** Opens whatever the control is folded into. */
const unfold = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const one of document.querySelectorAll<HTMLDetailsElement>('#what-if-panel details')) one.open = true;
  });
const type = async (page: Page, path: string, text: string): Promise<void> => {
  await field(page, path).fill(text);
  await field(page, path).press('Enter');
};

describe.skipIf(browserPath === undefined)(`the live part of a report (${browserPath ?? WITHOUT_BROWSER})`, () => {
  it('begins with the report’s own figures, says nothing to the console, and asks for nothing', async () => {
    const { page, complaints, requests } = await openPage(browser, chatbot.url);
    expectSame(await shown(page), await answerOf(CHATBOT));
    expect(await page.locator('#what-if-static').isVisible()).toBe(false);
    await page.locator('#what-if-panel dl[data-figure=break-even] dd').first().waitFor();
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
  });

  it('follows a typed value as --set does', async () => {
    const { page } = await openPage(browser, chatbot.url);
    await unfold(page);
    await type(page, RATE, '$60');
    expectSame(await shown(page), await answerOf(CHATBOT, [`${RATE}='60 USD/hour'`]));
    await type(page, VOLUME, '900k');
    expectSame(await shown(page), await answerOf(CHATBOT, [`${RATE}='60 USD/hour'`, `${VOLUME}=900000`]));
  });

  it('changes its recommendation with a slider, and says so to who listens', async () => {
    const { page } = await openPage(browser, chatbot.url);
    await unfold(page);
    const before = await shown(page);
    const range = slider(page, MARKUP);
    await range.fill((await range.getAttribute('max'))!);
    const value = Number(await page.locator(`.driver:has([data-path="${MARKUP}"])`).first().getAttribute('data-value'));
    const after = await shown(page);
    expectSame(after, await answerOf(CHATBOT, [`${MARKUP}=${value}`]));
    expect(after.strategy).not.toBe(before.strategy);
    const told = page.locator('[data-figure=recommendation]');
    expect(await told.getAttribute('aria-live')).toBe('polite');
    expect(await told.innerText()).toContain(after.strategy);
  });

  it('refuses what is no value of a driver and keeps the one before', async () => {
    const { page } = await openPage(browser, chatbot.url);
    await unfold(page);
    const before = await shown(page);
    for (const [text, words] of [
      ['lots', 'is no number'],
      ['5 EUR', 'expected USD/hour'],
      ['-5', 'allowed are $0/hour and more'],
    ] as const) {
      await type(page, RATE, text);
      expect(await field(page, RATE).getAttribute('aria-invalid')).toBe('true');
      expect(await page.locator(`.driver:has([data-path="${RATE}"]) .problem`).innerText()).toContain(words);
    }
    expectSame(await shown(page), before);
  });

  it('takes a value beyond its slider as --set does, says that the slider widens, and narrows it at the reset', async () => {
    const { page } = await openPage(browser, chatbot.url);
    await unfold(page);
    const last = await slider(page, RATE).getAttribute('max');
    await type(page, RATE, '900');
    expectSame(await shown(page), await answerOf(CHATBOT, [`${RATE}='900 USD/hour'`]));
    const control = page.locator(`.driver:has([data-path="${RATE}"])`).first();
    expect(await control.locator('.widened').innerText()).toContain('the slider now runs further');
    expect(await control.locator('.ends').innerText()).toContain('$900/hour');
    await page.waitForFunction(() => location.hash.includes('loaded_rate=900'));
    expectSame(await shown((await openPage(browser, page.url())).page), await shown(page));
    await control.getByRole('button', { name: /^Reset/ }).click();
    expect(await control.locator('.widened').innerText()).toBe('');
    expect(await slider(page, RATE).getAttribute('max')).toBe(last);
    await type(page, MARKUP, '1200 %');
    expect(await page.locator(`.driver:has([data-path="${MARKUP}"]) .problem`).innerText()).toContain('0% to 300%');
  });

  it('says why in the words of the report, and anew after a change', async () => {
    const { page } = await openPage(browser, chatbot.url);
    const why = page.locator('[data-figure=why] li');
    const reported = await page.locator('#answer li').allInnerTexts();
    const first = await why.allInnerTexts();
    expect(first.length).toBeGreaterThan(0);
    for (const reason of first) expect(reported).toContain(reason);
    await unfold(page);
    await type(page, RATE, '0');
    expect(await why.allInnerTexts()).not.toEqual(first);
  });

  it('draws on the page in slices where no worker may start: it tells how far it is, and a change stops it', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, 'Worker', { value: undefined });
    });
    await page.goto(chatbot.url);
    await page.locator('dd[data-driver=volume]').waitFor();
    const longest = await page.evaluate(async () => {
      const progress = document.querySelector('progress')!;
      const seen = new Set<number>();
      let [last, most] = [performance.now(), 0];
      document.querySelectorAll<HTMLButtonElement>('.further button')[0]!.click();
      while (document.querySelector('[data-figure=cheapest]') === null) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        most = Math.max(most, performance.now() - last);
        last = performance.now();
        seen.add(progress.value);
      }
      return { steps: seen.size, most };
    });
    expect(longest.steps).toBeGreaterThan(2);
    expect(longest.most).toBeLessThan(1_000);
    await page.getByRole('button', { name: /^Draw/ }).click();
    await page.evaluate(() => {
      location.hash = '#engineering.loaded_rate=70';
    });
    await page
      .getByText('Values have changed')
      .or(page.getByRole('button', { name: /^Draw/ }))
      .first()
      .waitFor();
    await context.close();
  });

  it('keeps its state in the address, and a link gives it back', async () => {
    const { page } = await openPage(browser, chatbot.url);
    await unfold(page);
    await type(page, RATE, '61.5');
    await page.waitForFunction(() => location.hash.includes('loaded_rate=61.5'));
    const link = page.url();
    const again = await openPage(browser, link);
    expectSame(await shown(again.page), await answerOf(CHATBOT, [`${RATE}='61.5 USD/hour'`]));
    await again.page.evaluate((path) => {
      location.hash = `#${path}=70&nothing.such=4`;
    }, RATE);
    await again.page.getByText('Not all of the link could be taken').waitFor();
    expectSame(await shown(again.page), await answerOf(CHATBOT, [`${RATE}='70 USD/hour'`]));
    await again.page.locator('nav a[href="#line-items"]').click();
    expect(again.page.url()).toMatch(/#line-items$/);
    expectSame(await shown(again.page), await answerOf(CHATBOT, [`${RATE}='70 USD/hour'`]));
    expect(again.complaints).toEqual([]);
  });

  it('goes back and forth between addresses as between pages', async () => {
    const { page } = await openPage(browser, chatbot.url);
    const own = await shown(page);
    const at = async (fragment: string) => {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, fragment);
      return shown(page);
    };
    const dear = await at(`${RATE}=150`);
    const cheap = await at(`${RATE}=50`);
    expect(dear.npv_usd).not.toEqual(cheap.npv_usd);
    expectSame(await at('how-sure'), cheap);
    await page.goBack();
    await page.goBack();
    expectSame(await shown(page), dear);
    await page.goBack();
    expectSame(await shown(page), own);
    await page.goForward();
    expectSame(await shown(page), dear);
  });

  it('works by keyboard alone', async () => {
    const { page } = await openPage(browser, chatbot.url);
    const before = await shown(page);
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const at = document.activeElement as HTMLInputElement | null;
        return `${at?.type ?? ''} ${at?.dataset.path ?? at?.textContent ?? ''}`;
      });
    const seen: string[] = [];
    for (let i = 0; i < 120 && !seen.at(-1)?.startsWith('range'); i++) {
      await page.keyboard.press('Tab');
      seen.push(await focused());
    }
    expect(seen.at(-1)).toMatch(/^range /);
    for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowRight');
    expect((await shown(page)).npv_usd).not.toEqual(before.npv_usd);
    for (let i = 0; i < 4 && !(await focused()).includes('Reset'); i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expectSame(await shown(page), before);
  });

  it('gives flags and a scenario that tollgate run answers alike', async () => {
    const { page } = await openPage(browser, chatbot.url, { acceptDownloads: true });
    await unfold(page);
    await type(page, RATE, '66');
    await type(page, VOLUME, '450k');
    const box = page.locator('#what-if-panel input[type=checkbox]').first();
    if ((await box.count()) > 0) await box.click();
    const expected = await shown(page);

    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
      document.execCommand = () => false;
    });
    await page.getByRole('button', { name: 'Copy as --set flags' }).click();
    const flags = await page.locator('.actions textarea').inputValue();
    const sets = [...flags.matchAll(/--set (?:'((?:[^']|'\\'')*)'|(\S+))/g)].map((one) =>
      (one[1] ?? one[2]!).replaceAll("'\\''", "'"),
    );
    expect(sets.length).toBeGreaterThanOrEqual(2);
    expectSame(expected, await answerOf(CHATBOT, sets));

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download scenario.yaml' }).click(),
    ]);
    const scenarios = join(folder, 'scenarios');
    mkdirSync(scenarios, { recursive: true });
    cpSync(resolve(CHATBOT, '../traces'), join(scenarios, 'traces'), { recursive: true });
    await file.saveAs(join(scenarios, 'scenario.yaml'));
    expectSame(expected, await answerOf(join(scenarios, 'scenario.yaml')));

    await page.getByRole('button', { name: 'Reset all' }).click();
    expectSame(await shown(page), await answerOf(CHATBOT));
  });

  it('finds break-even and draws worlds beside the page, and stops when asked', async () => {
    const { page, complaints } = await openPage(browser, chatbot.url);
    const pair = page.locator('.further select');
    await page.locator('dd[data-driver=volume]').waitFor();
    expect(Number(await page.locator('dd[data-driver=volume]').getAttribute('data-value'))).toBeGreaterThan(0);
    await pair.nth(0).selectOption('litellm');
    await page.locator('dd[data-driver=volume]', { hasText: 'litellm' }).waitFor();
    await page.getByRole('button', { name: /^Draw/ }).click();
    await page
      .getByRole('button', { name: 'Stop' })
      .click({ timeout: 5_000 })
      .catch(() => undefined);
    await page.getByRole('button', { name: /^Draw/ }).click();
    await page.locator('[data-figure=cheapest]').first().waitFor({ timeout: 30_000 });
    const shares = await page
      .locator('[data-figure=cheapest]')
      .evaluateAll((all) => all.map((one) => Number((one as HTMLElement).dataset.value)));
    const sum = shares.reduce((total, share) => total + share, 0);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(1 + 1e-9);
    expect(complaints).toEqual([]);
  });

  it('computes on the page where no worker may start', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, 'Worker', { value: undefined });
    });
    await page.goto(chatbot.url);
    await page.locator('dd[data-driver=volume]').waitFor();
    await context.close();
  });

  it('reads without script, with a line that says what script would add', async () => {
    const { page } = await openPage(browser, chatbot.url, { javaScriptEnabled: false });
    expect(await page.locator('#what-if-static').isVisible()).toBe(true);
    expect(await page.locator('#what-if-panel').isVisible()).toBe(false);
    expect(await page.locator('#what-if input, #what-if button').count()).toBe(0);
  });

  it('finds and orders line items', async () => {
    const { page } = await openPage(browser, chatbot.url);
    const items = page.locator('#line-item-list details.item');
    const all = await items.count();
    await page.getByLabel('Find').fill('openrouter');
    const found = await items.locator('visible=true').count();
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(all);
    await page.getByLabel('Find').fill('no such thing');
    expect(await items.locator('visible=true').count()).toBe(0);
    expect(await page.locator('.line-search [role=status]').innerText()).toBe('0 line items');
    await page.getByLabel('Find').fill('');
    await page.getByLabel('Order').selectOption('dearest');
    const amounts = await page
      .locator('#line-item-list .items')
      .first()
      .locator('details.item')
      .evaluateAll((each) => each.map((one) => Math.abs(Number((one as HTMLElement).dataset.usd))));
    expect(amounts).toEqual([...amounts].sort((a, b) => b - a));
    await page.getByLabel('Order').selectOption('listed');
    expect(await items.count()).toBe(all);
  });

  it('runs its own script alone', async () => {
    const folded = await livePage(folder, 'foreign', CHATBOT, (html) =>
      html.replace('<main>', '<main><script>window.foreign = 1</script><img src="x" onerror="window.foreign = 2">'),
    );
    const { page } = await openPage(browser, folded.url);
    expect(await page.evaluate(() => (globalThis as { foreign?: number }).foreign)).toBeUndefined();
    const evaluated = await page.evaluate(
      () =>
        new Promise((resolve) => {
          setTimeout('globalThis.foreign = 3', 0);
          setTimeout(() => resolve((globalThis as { foreign?: number }).foreign ?? 'refused'), 100);
        }),
    );
    expect(evaluated).toBe('refused');
    expectSame(await shown(page), await answerOf(CHATBOT));
  });

  it.each(['light', 'dark'] as const)(
    'is sound for those who cannot see or point, at any width, in the %s',
    async (colorScheme) => {
      const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      for (const width of [380, 1400]) {
        const { page, complaints } = await openPage(browser, `${chatbot.url}#${RATE}=60`, {
          colorScheme,
          viewport: { width, height: 900 },
        });
        await unfold(page);
        await page.locator('#what-if-panel dl[data-figure=break-even] dd').first().waitFor();
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const { axe: run } = globalThis as unknown as {
            axe: {
              run: (on: string) => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
            };
          };
          const { violations } = await run.run('#what-if');
          return violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
        });
        expect(found, `${width} px`).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expect(complaints).toEqual([]);
      }
    },
  );

  it('shows hostile names as text', async () => {
    const file = join(folder, 'hostile.yaml');
    const name = '</script><img src=x onerror=window.foreign=1>';
    const [evil, bidi, link] = ['</script><img onerror=alert(1) src=x>', 'gpt\u202eevil', 'javascript:alert(2)'];
    const trace = 'time,seller,model,input_tokens,output_tokens\n2026-11-01T00:00:00Z,openai,gpt-4o,1000,100\n';
    writeFileSync(join(folder, 'hostile.csv'), trace);
    writeFileSync(
      file,
      JSON.stringify({
        name,
        question: '<!-- <script> ]]> \u2028',
        start: '2026-12',
        horizon: '12 months',
        traffic: { trace: 'hostile.csv' },
        engineering: { loaded_rate: { value: '80 USD/hour', source: link } },
        baseline: 'one',
        strategies: [
          { id: 'one', kind: 'direct', title: link },
          { id: 'two', kind: 'managed_gateway', gateway: 'openrouter' },
          { id: 'three', kind: 'self_hosted_gateway', gateway: 'litellm' },
        ],
      }),
    );
    const hostile = await livePage(folder, 'hostile', file, undefined, { one: evil, two: bidi, three: link });
    const { page, complaints, requests } = await openPage(browser, hostile.url);
    await page.locator('#what-if-panel dl[data-figure=break-even] dd').first().waitFor();
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
    expect(
      await page.evaluate(() => document.querySelectorAll('#what-if-panel img, a[href^="javascript:"]').length),
    ).toBe(0);
    const words = await page.locator('#what-if-panel').innerText();
    expect(words).toContain(evil);
    expect(words).toContain('gpt\u27e8U+202E\u27e9evil');
    expect(hostile.html.match(/<\/script>/g)).toHaveLength(2);
  });

  it('takes at most 50 ms for a step of a slider over 36 months, 5 strategies and 12 models', async ({ annotate }) => {
    const large = await livePage(folder, 'large', largeFiles(folder));
    const { page } = await openPage(browser, large.url);
    await unfold(page);
    const milliseconds = await page.evaluate((path) => {
      const range = document.querySelector<HTMLInputElement>(`input[type=range][data-path="${path}"]`)!;
      performance.clearMeasures('what-if');
      for (let i = 0; i < 50; i++) {
        range.value = String(2 + i);
        range.dispatchEvent(new Event('input'));
      }
      return performance.getEntriesByName('what-if').map(({ duration }) => duration);
    }, VOLUME);
    const median = [...milliseconds].sort((a, b) => a - b)[25]!;
    await annotate(`a step of a slider: median ${median.toFixed(1)} ms over ${milliseconds.length} steps`);
    expect(milliseconds).toHaveLength(50);
    expect(median).toBeLessThanOrEqual(50);
  });
});

function largeFiles(into: string): string {
  const rows = Array.from({ length: 600 }, (_, i) => {
    const [seller, model] = LARGE_MODELS[i % LARGE_MODELS.length]!.split('/');
    const time = new Date(Date.UTC(2026, 10, 1 + (i % 7), i % 24)).toISOString();
    return `${time},${seller},${model},${800 + 7 * i},${100 + i}`;
  });
  writeFileSync(join(into, 'large.csv'), `time,seller,model,input_tokens,output_tokens\n${rows.join('\n')}\n`);
  const scenario = largeScenario('large.csv', { value: { per_request: '0.05 USD' }, outages: { from: 'history' } });
  writeFileSync(join(into, 'large.yaml'), JSON.stringify(scenario));
  return join(into, 'large.yaml');
}

describe('what a browser is given', () => {
  it.skipIf(browserPath === undefined)(
    'is one file of less than 1.5 MB with a policy that names its one script',
    () => {
      expect(Buffer.byteLength(readFileSync(join(folder, 'chatbot.html')))).toBeLessThan(1_500_000);
      expect(chatbot.html).toMatch(
        /content="default-src &#39;none&#39;[^"]*; script-src &#39;sha256-[\w+/=]+&#39;; worker-src blob:"/,
      );
      expect(chatbot.html).not.toMatch(/unsafe-eval|script-src[^"]*unsafe-inline/);
    },
  );
});
