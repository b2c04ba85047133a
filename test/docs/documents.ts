/**
 * What the project's documents tell people to type and to write: blocks of Markdown with what is to be done with each. A comment
 * before a block says it: `<!-- file: name -->`, `<!-- part of a scenario -->`, `<!-- not run: why -->`, `<!-- exit: 1 -->`. Shell
 * blocks without a comment are run, text after them is what comes out, other blocks without one are refused.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

export interface Block {
  readonly line: number;
  readonly language: string;
  readonly note: string;
  readonly text: string;
}

export interface Document {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** Made by scripts; compared as a whole elsewhere. */
export const GENERATED = [
  'commands.md',
  'how-costs-are-computed.md',
  'limits.md',
  'scenario-reference.md',
  'systems.md',
];

export const readDocuments = (): Document[] =>
  [
    'README.md',
    ...readdirSync(join(ROOT, 'docs'))
      .filter((name) => name.endsWith('.md') && !GENERATED.includes(name))
      .sort()
      .map((name) => join('docs', name)),
  ].map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return { path, text, blocks: blocksOf(text) };
  });

export function blocksOf(text: string): Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  for (let i = 0; i < lines.length; i++) {
    const opening = /^```(\w*)$/.exec(lines[i]!);
    if (opening === null) continue;
    const end = lines.indexOf('```', i + 1);
    if (end < 0) throw new Error(`the block of line ${i + 1} has no end`);
    const note = /^<!-- (.*) -->$/.exec(lines[i - 1] ?? '')?.[1] ?? '';
    blocks.push({ line: i + 1, language: opening[1]!, note, text: lines.slice(i + 1, end).join('\n') });
    i = end;
  }
  return blocks;
}

/** Commands of a shell block, one each, without remarks. */
export const commandsOf = ({ text }: Block): string[] =>
  text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
