/** `tollgate open [report]`: shows a report in the system's browser and prints where it lies. */
import type { Command } from 'commander';

interface Flags {
  readonly print?: true;
}

const REPORTS = 'reports';

export function addOpenCommand(program: Command): void {
  program
    .command('open')
    .description("show a report in the system's browser")
    .argument(
      '[report]',
      "a folder, a report.html, a report.json or a scenario's name under reports/ (default: the newest)",
    )
    .option('--print', 'print the path of the HTML alone and open nothing')
    .action(openReport);
}

async function openReport(named: string | undefined, { print }: Flags): Promise<void> {
  const { namedReport } = await import('../reports-server/named-report.ts');
  const page = await namedReport(named, REPORTS);
  process.stdout.write(`${page}\n`);
  if (print === true) return;
  const [{ showInBrowser }, { resolve }, { pathToFileURL }] = await Promise.all([
    import('./browser.ts'),
    import('node:path'),
    import('node:url'),
  ]);
  const hindrance = await showInBrowser(pathToFileURL(resolve(page)).href, process.platform, process.env);
  if (hindrance !== undefined) process.stderr.write(`${hindrance}; open the file above in a browser\n`);
}
