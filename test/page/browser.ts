/**
 * The browser in which pages are tested: Chromium, found by TOLLGATE_CHROMIUM or in its usual places. Where there is none,
 * `browserPath` is undefined and tests of pages skip themselves, naming `WITHOUT_BROWSER` as the reason.
 */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const named = process.env.TOLLGATE_CHROMIUM;
export const browserPath = named === undefined ? USUAL.find((path) => existsSync(path)) : named;
export const WITHOUT_BROWSER = 'no Chromium found; TOLLGATE_CHROMIUM names one';

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox', '--force-color-profile=srgb'] });

export interface OpenedPage {
  readonly page: Page;
  /** What the console said as a warning or an error, and scripts that failed. */
  readonly complaints: string[];
  /** Addresses asked for, of whatever kind but `file:`, `blob:` and `data:`. */
  readonly requests: string[];
}

/** A page in a profile of its own, with all that it complains of and asks for written down. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  context.on('request', (request) => {
    if (!/^(?:file|blob|data):/.test(request.url())) requests.push(request.url());
  });
  await page.goto(url);
  return { page, complaints, requests };
}
