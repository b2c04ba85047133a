/** `tollgate trace formats`: which logs are read, and what tells them. */
import type { Command } from 'commander';

export function addFormatsCommand(trace: Command): void {
  trace
    .command('formats')
    .description('list the formats that are read')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const { ADAPTERS } = await import('../trace/adapters/index.ts');
      const formats = ADAPTERS.map(({ format, title, containers, detect, bucket_ms, rules, billed, settles = [] }) => ({
        format,
        title,
        containers,
        columns: detect,
        rows: bucket_ms !== undefined || rules.some(({ field }) => field === 'until_ms') ? 'sums' : 'requests',
        billed: billed ?? null,
        settles,
      }));
      if (json) {
        process.stdout.write(`${JSON.stringify(formats, undefined, 2)}\n`);
        return;
      }
      const { terminalTable } = await import('./terminal-table.ts');
      const table = await terminalTable(
        ['--format', 'What', 'As', 'Rows', 'Billed'],
        ['left', 'left', 'left', 'left', 'left'],
      );
      for (const one of formats)
        table.push([one.format, one.title, one.containers.join(', '), one.rows, one.billed ?? 'not told']);
      process.stdout.write(
        `${table.toString()}\nEach plain or gzipped, one file, a pattern in quotes, or - for stdin. Anything else: tollgate trace map FILE\n`,
      );
    });
}
