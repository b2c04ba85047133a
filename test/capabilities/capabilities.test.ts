/**
 * docs/capabilities.md, row by row: the command runs, every scenario evaluates, and the section that is named stands in its
 * report with content that answers what is asked. A row that is wrong fails.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/nearest.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DOC = path.join(ROOT, 'docs/capabilities.md');
const MAIN = path.join(ROOT, 'dist/cli/main.js');
const out = mkdtempSync(path.join(tmpdir(), 'tollgate-capabilities-'));
const LIMIT_MS = 180_000;

interface Row {
  readonly number: number;
  readonly asked: string;
  readonly command: readonly string[];
  /** From the root. */
  readonly scenarios: readonly string[];
  readonly section: string;
}

const rows: readonly Row[] = readFileSync(DOC, 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => {
    const [number = '', asked = '', command = '', scenario = '', section = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return {
      number: Number(number),
      asked,
      command: /^`tollgate (.+)`$/.exec(command)?.[1]?.split(' ') ?? [],
      scenarios: [...scenario.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map((match) => match[1]!),
      section,
    };
  });

/** What each answer has to show, beside standing there at all. */
const SHOWS: Readonly<Record<number, { readonly printed: RegExp; readonly section: RegExp }>> = {
  1: { printed: /openrouter[\s\S]*litellm|litellm[\s\S]*openrouter/, section: /openai\/gpt-4o/ },
  2: { printed: /Engineering/, section: /Build: adapters to sellers[\s\S]*(Upkeep: |Migration)/ },
  3: { printed: /value\.per_request/, section: /[Ff]allback|unavailab|failing|lost/ },
  4: { printed: /p95|P95|ms/, section: /late|Late|within/ },
  5: { printed: /[Rr]esponse cache[\s\S]*[Pp]rompt cache|[Hh]it/, section: /answered by a model/ },
  6: { printed: /China and global/, section: /confidence/i },
  7: { printed: /traffic\.volume\.requests_per_month/, section: /mix, route by route/ },
  8: { printed: /is right[\s\S]*USD per million tokens/, section: /Attempts/ },
  9: { printed: /Billed USD[\s\S]*claude-haiku-4-5/, section: /shop[\s\S]*summariser/ },
  10: { printed: /Regulated enterprise/, section: /excluded \S+ keeps data in us/ },
  11: { printed: /stand-in-gateway/, section: /latency|outages|downtime/i },
  12: { printed: /0\.02/, section: /gpt-image-1[\s\S]*text-embedding-3-small/ },
  13: { printed: /Changes if/, section: /never|month/ },
  14: { printed: /engineering\.loaded_rate/, section: /librar/i },
};

interface Ended {
  readonly status: number;
  readonly printed: string;
}

/** In the project's own folder, with keys that open nothing; nothing is written outside the temporary one. */
function tollgate(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, NO_COLOR: '1', OPENAI_API_KEY: 'none', ANTHROPIC_API_KEY: 'none' };
    execFile(
      process.execPath,
      [MAIN, ...args],
      { cwd: ROOT, env, timeout: LIMIT_MS, maxBuffer: 1e8 },
      (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : 99;
        resolve({ status, printed: `${stdout}\n${stderr}` });
      },
    );
  });
}

const reports = new Map<string, Promise<Ended & { readonly html: string }>>();
/** Each scenario once, whoever asks. */
function reportOf(scenario: string): Promise<Ended & { readonly html: string }> {
  const known = reports.get(scenario);
  if (known !== undefined) return known;
  const to = path.join(out, scenario.replaceAll('/', '-'));
  const made = tollgate('run', scenario, '--draws', '0', '--out', to).then((ended) => {
    const page = path.join(to, 'report.html');
    return { ...ended, html: existsSync(page) ? readFileSync(page, 'utf8') : '' };
  });
  reports.set(scenario, made);
  return made;
}

/** Text of a section of a page, from its heading to the next of the same depth; undefined where there is none. */
function sectionOf(html: string, title: string): string | undefined {
  const body = html.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '');
  const heads = [...body.matchAll(/<h2[^>]*>([\s\S]*?)<\/h2>/g)];
  const text = (markup: string): string =>
    markup
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
  const at = heads.findIndex((head) => text(head[1]!) === title);
  if (at < 0)
    throw new Error(
      `there is no section "${title}"; nearest are ${nearest(
        title,
        heads.map((head) => text(head[1]!)),
      ).join(', ')}`,
    );
  return text(body.slice(heads[at]!.index + heads[at]![0].length, heads[at + 1]?.index ?? body.length));
}

describe('docs/capabilities.md', () => {
  test('has fourteen rows, each whole', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
    for (const { number, asked, command, scenarios, section } of rows) {
      expect(asked.length, `row ${number}`).toBeGreaterThan(20);
      expect(command.length, `row ${number}`).toBeGreaterThan(1);
      expect(scenarios.length, `row ${number}`).toBeGreaterThan(0);
      expect(section.length, `row ${number}`).toBeGreaterThan(5);
    }
  });

  test('every link leads to a file', () => {
    const links = [...readFileSync(DOC, 'utf8').matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1]!);
    expect(links.length).toBeGreaterThan(14);
    expect(links.filter((link) => !existsSync(path.resolve(path.dirname(DOC), link)))).toEqual([]);
  });

  test.each(rows)(
    '$number: the command runs and shows it: $asked',
    { timeout: LIMIT_MS },
    async ({ number, command }) => {
      const [name, scenario = ''] = command;
      const to = name === 'smoke' ? ['--out', path.join(out, 'smoke')] : [];
      const { status, printed } = name === 'run' ? await reportOf(scenario) : await tollgate(...command, ...to);
      expect(status, printed).toBe(0);
      expect(printed).toMatch(SHOWS[number]!.printed);
    },
  );

  test.each(rows)(
    '$number: the report has it under "$section"',
    { timeout: LIMIT_MS },
    async ({ number, scenarios, section }) => {
      for (const scenario of scenarios) {
        const { status, printed, html } = await reportOf(scenario);
        expect(status, `${scenario}: ${printed}`).toBe(0);
        const content = sectionOf(html, section);
        expect(content!.length, `${scenario}: ${section}`).toBeGreaterThan(80);
        expect(content).toMatch(SHOWS[number]!.section);
      }
    },
  );
});
