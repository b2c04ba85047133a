/**
 * Whether the router works with what its dependencies resolve to today, not only with what the lock file holds: installs the
 * committed tree without its lock file in a folder of its own, tells what moved, and runs the router's tests there. For a
 * scheduled run, since it asks the registry: node scripts/fresh-resolve.mjs [tests to run, default test/router]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tests = process.argv.length > 2 ? process.argv.slice(2) : ['test/router'];
const folder = mkdtempSync(join(tmpdir(), 'tollgate-fresh-'));

const versions = (lock) =>
  new Map(
    Object.entries(JSON.parse(lock).packages).flatMap(([path, { version }]) => (path === '' ? [] : [[path, version]])),
  );

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
  return status ?? 1;
}

function freshResolve() {
  execFileSync('tar', ['-x', '-C', folder], {
    input: execFileSync('git', ['archive', 'HEAD'], { cwd: root, maxBuffer: 2 ** 30 }),
  });
  const lock = join(folder, 'package-lock.json');
  const before = versions(readFileSync(lock, 'utf8'));
  rmSync(lock);
  // Scripts of packages that nobody has read yet are not run.
  if (run('npm', ['install', '--include=dev', '--ignore-scripts', '--loglevel=error']) !== 0) return 1;
  const after = versions(readFileSync(lock, 'utf8'));
  const moved = [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .map(
      (path) => `${path.replace(/^node_modules\//, '')}: ${before.get(path) ?? 'none'} -> ${after.get(path) ?? 'none'}`,
    );
  console.log(moved.length === 0 ? 'nothing moved since the lock file' : moved.sort().join('\n'));
  return run('npx', ['--no-install', 'vitest', 'run', ...tests]);
}

try {
  process.exitCode = freshResolve();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
