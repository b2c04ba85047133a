/** Reports with a live part, as files that a browser opens: from bundled scenarios and from questions made up in a test. */
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { bundlePage } from '../../scripts/bundle-page.mjs';
import { evaluate } from '../../src/evaluate.ts';
import { pageBundle } from '../../src/io/page-bundle.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTraffic } from '../../src/io/read-traffic.ts';
import { liveReport } from '../../src/report/html/what-if.ts';
import { renderHtml } from '../../src/report/html.ts';
import { whatIfOf } from '../../src/whatif/build.ts';
import type { WhatIf } from '../../src/whatif/what-if.ts';
import { reportOf } from '../report-of.ts';

const { page } = await bundlePage();
export const BUNDLE = pageBundle(page);
const book = await readPriceBook();

export interface Answer {
  readonly npv_usd: Readonly<Record<string, number>>;
  readonly strategy: string | null;
}

const evaluated = async (file: string, sets: readonly string[]) => {
  const question = await readScenario(file, sets, book);
  const traffic = await readTraffic(question.scenario, file, book);
  return evaluate(question, traffic.usage, book, traffic.replays);
};

/** What the command line would say with `--set`. */
export async function answerOf(file: string, sets: readonly string[] = []): Promise<Answer> {
  const { alternatives, recommendation } = await evaluated(file, sets);
  return {
    npv_usd: Object.fromEntries(alternatives.map(({ id, npv_usd }) => [id, npv_usd])),
    strategy: recommendation?.strategy ?? null,
  };
}

export interface LivePage {
  readonly url: string;
  readonly html: string;
  /** The scenario's file. */
  readonly file: string;
}

/**
 * @param edit changes of the page's text before it is written
 * @param renamed texts of the embedded model that become others, as no scenario's own check would let them through
 */
export async function livePage(
  folder: string,
  name: string,
  file: string,
  edit: (html: string) => string = (html) => html,
  renamed: Readonly<Record<string, string>> = {},
): Promise<LivePage> {
  const evaluation = await evaluated(file, []);
  const report = reportOf(evaluation, book);
  const scenario: unknown = parse(await readFile(file, 'utf8'));
  const whatIf = JSON.parse(JSON.stringify(whatIfOf(evaluation)), (_, value: unknown) =>
    typeof value === 'string' ? (renamed[value] ?? value) : value,
  ) as WhatIf;
  const html = edit(renderHtml(report, [], { bundle: BUNDLE, live: liveReport(report, whatIf, file, scenario) }));
  const path = join(folder, `${name}.html`);
  writeFileSync(path, html);
  return { url: pathToFileURL(path).href, html, file };
}
