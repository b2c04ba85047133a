/**
 * Servers of Debian packages: found, or installed with apt where we may. Gives the program's path, or why there is none.
 *
 * While apt runs, a policy file keeps it from starting the service that a package brings.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const POLICY = '/usr/sbin/policy-rc.d';
const INSTALL_MS = 300_000;

/** `{ program }` or `{ missing }`, a reason that completes "skipped: ". */
export function debianProgram({ name, programs, packages }) {
  const find = () => programs.find(existsSync);
  const found = find();
  if (found !== undefined) return { program: found };
  if (process.getuid?.() !== 0) return { missing: `${name} is not installed, and only root can install it` };
  if (spawnSync('apt-get', ['--version']).status !== 0)
    return { missing: `${name} is not installed, and there is no apt` };
  if (!install(packages) && !(apt('update') && install(packages)))
    return { missing: `${name} is not installed, and apt cannot install it` };
  const installed = find();
  return installed === undefined ? { missing: `apt installed no ${name}` } : { program: installed };
}

function install(packages) {
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return apt('install', '-y', '--no-install-recommends', ...packages);
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
}

function apt(...args) {
  try {
    execFileSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=60', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: 'ignore',
      timeout: INSTALL_MS,
    });
    return true;
  } catch {
    return false;
  }
}
