/**
 * `tollgate trace map FILE`: proposes how the columns of an unknown log are read, and writes it as a small YAML. On a terminal
 * it asks where names and values do not tell.
 */
import type { Command } from 'commander';
import type { MappingProposal } from '../trace/propose-mapping.ts';

interface Flags {
  readonly out?: string;
  readonly yes?: true;
}

export function addMapCommand(trace: Command): void {
  trace
    .command('map')
    .description('propose a column mapping for a log of your own, as YAML')
    .argument('<file>', 'CSV, JSON or JSON lines')
    .option('-o, --out <file>', 'write it there (default: print it)')
    .option('--yes', 'ask nothing')
    .action(map);
}

async function map(file: string, flags: Flags): Promise<void> {
  const [{ sampleTrace }, { proposeMapping }, { mappingText }] = await Promise.all([
    import('../io/sample-trace.ts'),
    import('../trace/propose-mapping.ts'),
    import('../io/write-mapping.ts'),
  ]);
  const { names, rows } = await sampleTrace(file);
  let proposal = proposeMapping(names, rows);
  if (flags.yes === undefined && process.stdin.isTTY && process.stderr.isTTY) {
    const { askForMapping } = await import('./mapping-questions.ts');
    proposal = await askForMapping(proposal, names, rows);
  }
  const text = mappingText(file, proposal);
  if (flags.out === undefined) process.stdout.write(text);
  else await write(flags.out, text);
  tell(proposal, file, flags.out);
  const has = (field: string): boolean => proposal.fields.some((one) => one.field === field);
  const isUsable = has('input_tokens') && has('output_tokens');
  if (!isUsable) process.exitCode = 1;
}

async function write(target: string, text: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  await writeFile(target, text, { flag: 'wx' }).catch(async (error: NodeJS.ErrnoException) => {
    const { inputError } = await import('../errors.ts');
    const reason =
      error.code === 'EEXIST'
        ? 'is there already; name another file or remove it'
        : `cannot be written: ${error.message}`;
    throw inputError('MAPPING_FILE', target, reason);
  });
}

function tell({ fields, doubts, unused }: MappingProposal, file: string, out: string | undefined): void {
  const lines = [
    ...fields.map(({ field, column, unit }) => `${field} <- ${column}${unit === undefined ? '' : ` (${unit})`}`),
    ...doubts.map((doubt) => `Check: ${doubt}`),
    ...(unused.length === 0 ? [] : [`Not read: ${unused.join(', ')}`]),
    ...(out === undefined ? [] : [`Written to ${out}. Try it: tollgate trace inspect ${file} --mapping ${out}`]),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}
