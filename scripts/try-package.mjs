/**
 * The package as somebody has it who installs it: packed, installed into an empty folder, from a log of one's own to a report. Needs a
 * build and a package registry; says in one line if that can't be reached. `node scripts/try-package.mjs`
 */
import { spawnSync } from 'node:child_process';
import { access, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'tollgate-package-'));

/** @param {string} command @param {readonly string[]} args @param {string} cwd */
const run = (command, args, cwd = folder) => spawnSync(command, args, { cwd, encoding: 'utf8' });

/** @param {readonly string[]} args */
function tollgate(...args) {
  const { status, stdout, stderr } = run('npx', ['--no-install', 'tollgate', ...args]);
  if (status !== 0) throw new Error(`tollgate ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

try {
  const packed = run('npm', ['pack', '--silent', '--pack-destination', folder], root);
  if (packed.status !== 0) throw new Error(packed.stderr);
  await writeFile(join(folder, 'package.json'), '{"private": true}\n');
  const installed = run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${packed.stdout.trim()}`]);
  if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(installed.stderr)) {
    console.log('skipped: the packed package was not tried, since no package registry can be reached');
  } else {
    if (installed.status !== 0) throw new Error(installed.stderr);
    await copyFile(join(root, 'scenarios/traces/support-week.csv'), join(folder, 'my-log.csv'));
    const own = [
      '--trace',
      'my-log.csv',
      '--model',
      'openai/gpt-4o-mini',
      '--gateway',
      'openrouter',
      '--rate',
      '100 USD/hour',
    ];
    tollgate('init', 'my-question.yaml', ...own, '--yes');
    tollgate('run', 'my-question.yaml');
    await access(join(folder, tollgate('open', '--print').trim()));
    tollgate('systems', 'openrouter');
    tollgate('claims', '--only', 'C7');
    await access(join(folder, 'reports/claims.html'));
    console.log('the packed package was installed into an empty folder and went from a log to a report');
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
