/** Questions on a terminal about the columns that a proposal could not tell; an empty answer leaves things as they are. */
import { createInterface } from 'node:readline/promises';
import type { MappedField } from '../trace/mapping-guesses.ts';
import type { MappingProposal, ProposedField } from '../trace/propose-mapping.ts';

/** Without these a log can't be priced or projected. */
const ASKED: readonly MappedField[] = ['input_tokens', 'output_tokens', 'time', 'model'];

export async function askForMapping(
  proposal: MappingProposal,
  names: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<MappingProposal> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const fields: ProposedField[] = [...proposal.fields];
    for (const field of ASKED) {
      if (fields.some((one) => one.field === field)) continue;
      const free = names.filter((name) => !fields.some(({ column }) => column === name));
      const listed = free.map((name, i) => `  ${i + 1}  ${name}  (${exampleOf(name, names, rows)})`).join('\n');
      const answer = await terminal.question(`Which column is ${field}? Number or name, Enter for none\n${listed}\n> `);
      const column = free[Number(answer.trim()) - 1] ?? free.find((name) => name === answer.trim());
      if (column !== undefined) fields.push({ field, column, unit: undefined, reason: 'you said so' });
    }
    const told = new Set(fields.map(({ field }) => `no column was found for ${field}`));
    const taken = new Set(fields.map(({ column }) => column));
    return {
      ...proposal,
      fields,
      doubts: proposal.doubts.filter((doubt) => !told.has(doubt)),
      unused: proposal.unused.filter((name) => !taken.has(name)),
    };
  } finally {
    terminal.close();
  }
}

const exampleOf = (name: string, names: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows
    .map((row) => row[names.indexOf(name)] ?? '')
    .filter((value) => value !== '')
    .slice(0, 2)
    .map((value) => value.slice(0, 30))
    .join(', ') || 'empty';
