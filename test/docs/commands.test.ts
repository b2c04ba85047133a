import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { type Block, commandsOf, ROOT, readDocuments } from './documents.ts';
import { Shell } from './shell.ts';

const documents = readDocuments();
const PATIENT_MS = 300_000;

/** Figures may differ from run to run; words and layout may not. */
const withoutFigures = (text: string): string => text.replaceAll(/\d+([.,]\d+)*/g, '0').replaceAll(/\s+/g, ' ');

/** A part of a scenario, put into a whole one. */
function wholeScenario(part: string): unknown {
  const base = parse(readFileSync(join(ROOT, 'scenarios/single-model-low-volume.yaml'), 'utf8')) as Record<
    string,
    unknown
  >;
  const { traffic, ...own } = parse(part) as Record<string, unknown>;
  const strategies = [
    ...(base.strategies as { id: string }[]),
    ...Object.keys((own.replay as { strategies?: object } | undefined)?.strategies ?? {})
      .filter((id) => id !== 'direct')
      .map((id) => ({ id, kind: 'direct' })),
  ];
  return { ...base, claims: [], strategies, ...own, traffic: traffic ?? base.traffic };
}

describe.each(documents.map((document) => [document.path, document] as const))('%s', (_, document) => {
  const shell = new Shell();
  let said = '';
  afterAll(() => shell.end());

  for (const block of document.blocks.filter(({ note }) => note.startsWith('file: ')))
    shell.write(block.note.slice('file: '.length), block.text);

  it.each(document.blocks.map((block) => [`line ${block.line}`, block] as const))(
    'says what is so, %s',
    async (_line, block) => {
      if (block.note.startsWith('not run: ')) return;
      if (block.language === 'sh') said = await typed(block);
      else if (block.language === 'text') {
        for (const line of block.text.split('\n').filter((one) => one.trim() !== '' && !one.includes('...')))
          expect(withoutFigures(said)).toContain(withoutFigures(line).trim());
      } else if (block.note === 'part of a scenario') resolveScenario(wholeScenario(block.text), await readPriceBook());
      else expect(block.note, `the block of line ${block.line} says not what it is`).toMatch(/^file: /);
    },
    PATIENT_MS,
  );

  async function typed(block: Block): Promise<string> {
    const exit = Number(/^exit: (\d+)$/.exec(block.note)?.[1] ?? 0);
    let all = '';
    for (const command of commandsOf(block)) {
      const { code, out } = await shell.run(command);
      expect(code, `${command}\n${out}`).toBe(exit);
      all += out;
    }
    return all;
  }

  it('names commands and options that exist', () => {
    const inline = [...document.text.matchAll(/`(?:npx )?tollgate ([^`]+)`/g)].map(([, words]) => words!);
    const wrong = inline.filter((words) => !exists(words));
    expect(wrong).toEqual([]);
  });

  it('links to files that are there', () => {
    const links = [...document.text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(([, to]) => to!);
    const missing = links.filter((to) => !isThere(resolve(ROOT, dirname(document.path), to)));
    expect(missing).toEqual([]);
  });
});

const helps = new Map<string, string>();

/** Whether a command line of prose names a command, and options that this command has. */
function exists(words: string): boolean {
  const [command = '', second = ''] = words.split(/\s+/);
  const options = words.match(/(?<=\s)--[a-z-]+/g) ?? [];
  if (command.startsWith('-')) return true;
  const path = ['trace', 'price'].includes(command) && /^[a-z]+$/.test(second) ? [command, second] : [command];
  const help = helpOf(path);
  return help.includes(`Usage: tollgate ${path.join(' ')}`) && options.every((option) => help.includes(option));
}

function helpOf(path: readonly string[]): string {
  const known = helps.get(path.join(' '));
  if (known !== undefined) return known;
  const help = run([...path, '--help']);
  helps.set(path.join(' '), help);
  return help;
}

function run(args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch {
    return '';
  }
}

function isThere(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}
