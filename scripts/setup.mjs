/**
 * Makes a clone ready: installs what the lock file pins if it is missing or has changed, builds if a source is newer than
 * the build. Needs Node alone. Prints one line per step that it takes.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Tollgate needs Node 20.19 or later; this is ${process.version}.`);
  process.exit(2);
}

function run(what, command, args) {
  console.error(`${what} …`);
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    console.error(`${what} failed (${command} ${args.join(' ')}).`);
    process.exit(done.status ?? 1);
  }
}

const lock = readFileSync(`${root}package-lock.json`, 'utf8');
const stamp = `${root}node_modules/.tollgate-lock`;
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  run('Installing dependencies', 'npm', ['ci', '--include=dev', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

const newest = (path) => {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
};
const built = `${root}dist/.built`;
const sources = Math.max(
  ...['src', 'scripts', 'tsconfig.json', 'tsconfig.build.json', 'package.json'].map((path) => newest(root + path)),
);
if (!existsSync(built) || statSync(built).mtimeMs < sources) run('Building', process.execPath, ['scripts/build.mjs']);
