/** report.json, report.html, report.md and the terminal say the same: each figure is read back from each and compared. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluate.ts';
import { inputLabel } from '../../src/input-words.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTraffic } from '../../src/io/read-traffic.ts';
import type { Report } from '../../src/report/contract.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { reportOf } from '../report-of.ts';
import { VARIANTS } from './report-variants.ts';

const scenarios = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const DRAWS = 200;

async function evaluated(name: string): Promise<Report> {
  const book = await readPriceBook();
  const file = `${scenarios}${name}`;
  const question = await readScenario(file, [], book);
  const { usage, replays } = await readTraffic(question.scenario, file, book);
  return reportOf(evaluate(question, usage, book, replays, { draws: DRAWS, incidents: 'expected' }), book);
}

interface Row {
  readonly npv: string;
  readonly against: string;
  /** Empty where there were no draws. */
  readonly cheapest: string;
}

const id = (text: string): string => text;
const colours = { bold: id, dim: id, green: id, yellow: id };
const terminalOf = (report: Report): string[] => renderTerminal(report, { colours, width: 100 }).split('\n');
/** Columns stand two spaces apart, names may be cut. */
function terminalRows(lines: readonly string[], hasDraws: boolean): Row[] {
  const head = lines.findIndex((line) => line.startsWith('  Strategy'));
  const ends = [/Net present( cost)?/, /(of it )?cash(?= |$)/, /vs baseline/, /cheapest( in)?/].map((name) => {
    const found = name.exec(lines[head]!);
    return found === null ? 0 : found.index + found[0].length;
  });
  const rows = lines.slice(head + 1).filter((line, i, all) => /^[▸× ] \S/.test(line) && !all.slice(0, i).includes(''));
  return rows.map((line) => {
    const cell = (column: number): string =>
      [...line]
        .slice(ends[column - 1], ends[column])
        .join('')
        .trim();
    return {
      npv: [...line].slice(2, ends[0]).join('').trim().split(/ {2,}/).at(-1)!,
      against: cell(2),
      cheapest: hasDraws ? cell(3) : '',
    };
  });
}

const unescaped = (text: string): string =>
  text
    .replace(/\\([\\`*_[\]{}|~#\-+=.)])/g, '$1')
    .replaceAll('**', '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
const visible = (markup: string): string => unescaped(markup.replace(/<[^>]*>/g, '')).replace(/\s+/g, ' ');

/** The first table of the lead. */
function markdownRows(text: string, hasDraws: boolean): Row[] {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.startsWith('| Strategy |'));
  const until = lines.indexOf('', head);
  return lines.slice(head + 2, until).map((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return { npv: cells[2]!, against: cells[4]!, cheapest: hasDraws ? cells[5]! : '' };
  });
}

/** Of the section that compares strategies; chances from the table of draws, by strategy. */
function htmlRows(page: string): (Pick<Row, 'npv' | 'against'> & { readonly exact: number | null })[] {
  const from = page.indexOf('<section id="strategies"');
  const table = page.slice(from, page.indexOf('</table>', from));
  return [...table.slice(table.indexOf('<tbody>')).matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) => {
    const cells = [...row!.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell]) => cell!);
    const exact = /value="([^"]+)"/.exec(cells[0]!)?.[1];
    return {
      npv: visible(cells[0]!).trim(),
      against: visible(cells[1]!).trim(),
      exact: exact === undefined ? null : Number(exact),
    };
  });
}

/** `−$21,000` as a number; null for what is no amount. */
const amountOf = (text: string): number | null =>
  /\d/.test(text) ? Number(text.replace('−', '-').replace(/[$,+]/g, '')) : null;

/** Rounded to three digits, no more is lost than half a unit of the third; cents where that is finer. */
function expectRounded(text: string, exact: number | null): void {
  if (exact === null) expect(text).toMatch(/^(unpriced|)$/);
  else expect(Math.abs(amountOf(text)! - exact)).toBeLessThanOrEqual(Math.max(0.005 * Math.abs(exact), 0.005));
}

/** What follows a label on the terminal, without the mark of what was cut. */
function told(lines: readonly string[], label: string): string {
  const at = lines.findIndex((line) => line.startsWith(label));
  if (at === -1) return '';
  const more = lines.slice(at + 1).findIndex((line) => !line.startsWith('   '));
  return [lines[at]!.slice(label.length), ...lines.slice(at + 1, at + 1 + Math.max(0, more))]
    .map((line) => line.trim())
    .join(' ')
    .replace(/ ?…$/, '');
}

const CASES: readonly (readonly [string, () => Report | Promise<Report>])[] = [
  ...['support-chatbot.yaml', 'mvp-team-of-three.yaml', 'single-model-low-volume.yaml'].map(
    (name) => [name, () => evaluated(name)] as const,
  ),
  ...Object.entries(VARIANTS),
];

describe.each(CASES)('%s', async (_, made) => {
  const report = await made();
  const json = JSON.parse(renderJson(report)) as Report;
  const hasDraws = json.uncertainty !== undefined;
  const terminal = terminalOf(report);
  const markdown = renderMarkdown(report);
  const page = renderHtml(report, []);
  const texts = { terminal: terminal.join('\n'), markdown: unescaped(markdown), page: visible(page) };
  const baseline = json.strategies.find((one) => one.id === json.baseline)!.npv_usd;
  /** Ranked first, then not ranked, then without a total; by cost. */
  const group = (one: Report['strategies'][number]): number =>
    one.npv_usd === null ? 2 : one.excluded === undefined && one.comes_to === undefined ? 0 : 1;
  const expected = [...json.strategies].sort((a, b) => group(a) - group(b) || (a.npv_usd ?? 0) - (b.npv_usd ?? 0));

  it('gives the same answer with the same amount', () => {
    const [, , answer] = markdown.split('\n');
    const sentence = unescaped(answer!);
    expect(texts.page).toContain(sentence);
    const found = terminal.findIndex((line) => /^(Use|Stay|No recommendation)/.test(line));
    expect(terminal.slice(found, found + 4).join(' ')).toContain(sentence);
    const { strategy, saving_usd, versus } = json.recommendation;
    if (strategy === null) return expect(sentence).toMatch(/^No recommendation/);
    expect(sentence).toContain(strategy);
    if (saving_usd === null || versus === null) return;
    expect(sentence).toContain(versus);
    expectRounded(/\$[\d,.]*\d/.exec(sentence)![0], saving_usd);
  });

  it('has the same costs of every strategy, in the same order', () => {
    const rows = { terminal: terminalRows(terminal, hasDraws), markdown: markdownRows(markdown, hasDraws) };
    const htmlOnes = htmlRows(page);
    expect(rows.terminal).toEqual(rows.markdown);
    expect(rows.markdown.map(({ npv }) => npv)).toEqual(htmlOnes.map(({ npv }) => npv));
    expect(rows.markdown).toHaveLength(json.strategies.length);
    expected.forEach((one, i) => {
      const { npv, against, cheapest } = rows.markdown[i]!;
      expectRounded(npv, one.npv_usd);
      if (htmlOnes[i]!.exact !== null) expect(htmlOnes[i]!.exact).toBe(one.npv_usd);
      const difference = one.npv_usd === null || baseline === null ? null : one.npv_usd - baseline;
      if (one.id === json.baseline) expect(against).toBe('baseline');
      else {
        expectRounded(against, difference);
        expect(htmlOnes[i]!.against.replace('unpriced', '')).toBe(against);
      }
      const drawn = json.uncertainty?.strategies.find((other) => other.id === one.id);
      const percent = Number(/[\d.]+/.exec(cheapest)?.[0] ?? Number.NaN);
      expect(Number.isNaN(percent)).toBe(drawn === undefined);
      if (drawn === undefined) return;
      expect(Math.abs(percent - 100 * drawn.cheapest_fraction)).toBeLessThanOrEqual(1);
      expect(texts.page).toContain(cheapest);
    });
  });

  it('is as sure, and says the same of what would change the answer', () => {
    const sure = /\*\*How sure:\*\* (.*)/.exec(markdown)?.[1];
    expect(sure === undefined).toBe(json.recommendation.strategy === null);
    if (sure !== undefined) {
      expect(texts.page).toContain(unescaped(sure));
      expect(unescaped(sure).startsWith(told(terminal, 'How sure'))).toBe(true);
      expect(told(terminal, 'How sure').length).toBeGreaterThan(40);
    }
    const change = unescaped(/\*\*Would change it:\*\* (.*)/.exec(markdown)?.[1] ?? '');
    expect(change.startsWith(told(terminal, 'Changes if'))).toBe(true);
    for (const one of json.recommendation.would_change_if) {
      expect(texts.page.toLowerCase()).toContain(one.toLowerCase());
      expect(change.toLowerCase()).toContain(one.toLowerCase().replace(/\.$/, ''));
    }
  });

  it('has the same regret, drivers and worth of measuring', () => {
    const drawn = json.uncertainty?.strategies.find((one) => one.id === json.recommendation.strategy);
    const regret = /costs on average (\$[\d,.]*\d)/.exec(texts.markdown)?.[1];
    if (regret !== undefined) {
      expect(Math.abs(amountOf(regret)! - drawn!.regret_usd)).toBeLessThanOrEqual(Math.max(0.5, 2 * drawn!.regret_se));
      expect(texts.page).toContain(`costs on average ${regret} more than the cheapest of each`);
    }
    const lead = markdown.split('\n## ')[0]!;
    const drivers = lead.includes('Strongest drivers')
      ? lead.slice(lead.indexOf('Strongest drivers')).split('\n\n')[0]!.split('\n').slice(2)
      : [];
    const widest = [...(json.uncertainty?.tornado?.bars ?? [])].sort((a, b) => b.swing_usd - a.swing_usd);
    drivers.forEach((row, i) => {
      const [, label, , effect] = row.split(/(?<!\\)\|/).map((cell) => unescaped(cell.trim()));
      expect(widest[i]!.swing_usd).toBeGreaterThan(0);
      expect(label).toBe(inputLabel(widest[i]!.path));
      const [low, high] = effect!.split(' to ');
      expectRounded(low!, widest[i]!.low.quantity_usd);
      expectRounded(high!, widest[i]!.high.quantity_usd);
      expect(terminal.join(' ').replace(/\s+/g, ' ')).toContain(label);
      expect(told(terminal, 'Drivers')).toContain(effect);
    });
    if (json.recommendation.strategy !== null && widest.some((bar) => bar.swing_usd > 0))
      expect(drivers.length).toBeGreaterThan(0);
  });

  it('counts the same traffic, rejects and unpriced usage', () => {
    const count = `${json.traffic.requests.toLocaleString('en-US')} request`;
    for (const text of Object.values(texts)) expect(text).toContain(count);
    for (const { model } of json.unpriced) for (const text of Object.values(texts)) expect(text).toContain(model);
  });
});
