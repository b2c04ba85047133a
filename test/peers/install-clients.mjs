/**
 * Clients and gateways of test/peers/package.json: installed as its lock file pins them, once per state of the lock file.
 * Gives `{}`, or `{ missing }` with a reason that completes "skipped: " where the registry can't be reached.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = import.meta.dirname;
const STAMP = path.join(FOLDER, 'node_modules/.tollgate-lock');
const INSTALL_MS = 300_000;

export function installClients() {
  const lock = readFileSync(path.join(FOLDER, 'package-lock.json'), 'utf8');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return {};
  console.error('Installing clients and gateways …');
  // Scripts of packages are not run: none of these needs one, and one of them fails outside its own repository.
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: FOLDER,
    stdio: 'ignore',
    timeout: INSTALL_MS,
    shell: process.platform === 'win32',
  });
  if (status !== 0) return { missing: 'clients and gateways are not installed, and npm ci failed in test/peers' };
  writeFileSync(STAMP, lock);
  return {};
}
