/** Compiles src/ to dist/, makes the command executable and available to npx within the clone. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const done = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
if (done.status !== 0) process.exit(done.status ?? 1);
chmodSync(`${root}dist/cli/main.js`, 0o755);
if (process.platform !== 'win32') {
  mkdirSync(`${root}node_modules/.bin`, { recursive: true });
  rmSync(`${root}node_modules/.bin/tollgate`, { force: true });
  symlinkSync('../../dist/cli/main.js', `${root}node_modules/.bin/tollgate`);
}
await import('./compile-price-book.mjs');
writeFileSync(`${root}dist/.built`, '');
