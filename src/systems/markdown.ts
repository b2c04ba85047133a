/** docs/systems.md: the table of all systems, then one part for each. Text from the book is escaped; snippets stand as they are. */
import { markdownLinkedText } from '../report/escape.ts';
import { bullets, table } from '../report/markdown-blocks.ts';
import type { System } from './system.ts';
import { ROW_HEAD, rowOf, type SystemSection, sectionsOf } from './words.ts';

export function systemMarkdown(system: System, depth = '#'): string {
  const called = system.also_called.length === 0 ? '' : `, also called ${system.also_called.join(', ')}`;
  return [
    `${depth} ${markdownLinkedText(system.name)}`,
    '',
    `\`${system.id}\`${called}: ${system.kinds.join(' and ')}.`,
    '',
    ...sectionsOf(system).flatMap(sectionMarkdown),
  ].join('\n');
}

function sectionMarkdown({ title, lines, code }: SystemSection): string[] {
  if (code === undefined) return [`**${title}**`, '', ...bullets(lines.map(markdownLinkedText)), ''];
  return [`**${title}**`, '', `\`\`\`${code}`, ...lines, '```', ''];
}

export function systemsMarkdown(systems: readonly System[]): string {
  const rows = systems.map((one) => [`[${one.id}](#${anchor(one.name)})`, ...rowOf(one).map(markdownLinkedText)]);
  return `${[
    '# Systems',
    '',
    'What is known of every system that a scenario, a router’s file or the targets of `smoke` can name. Written by',
    '`npm run docs` from the price book, the adapters and one list of clients; a test holds it equal. Do not edit.',
    '',
    '*Brings* counts capabilities of nine (`tollgate systems NAME` names them); *Prices* counts rate cards; *Verified* says',
    'whether a test runs the real program, reads its files, or has sources alone, and how far to trust these.',
    '',
    ...table(['System', ...ROW_HEAD], 'llllrll', rows),
    ...systems.map((one) => systemMarkdown(one, '##')),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

/** As GitHub makes it: lower case, without marks, dashes for spaces. */
const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
