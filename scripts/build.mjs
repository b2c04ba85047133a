/**
 * Compiles src/ to dist/, bundles the pages' scripts into dist/page/, makes the command executable and available to npx
 * within the clone. A build that fails leaves the one before it as it was.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundlePage } from './bundle-page.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const fresh = `${root}node_modules/.tollgate-build`;
rmSync(fresh, { recursive: true, force: true });
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const compile = [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh];
const done = spawnSync(process.execPath, compile, { cwd: root, stdio: 'inherit' });
if (done.status !== 0) process.exit(done.status ?? 1);
const { page, ledger } = await bundlePage();
mkdirSync(`${fresh}/page`);
writeFileSync(`${fresh}/page/page.js`, page);
writeFileSync(`${fresh}/page/ledger.js`, ledger);
rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(fresh, `${root}dist`);
chmodSync(`${root}dist/cli/main.js`, 0o755);
if (process.platform !== 'win32') {
  mkdirSync(`${root}node_modules/.bin`, { recursive: true });
  rmSync(`${root}node_modules/.bin/tollgate`, { force: true });
  symlinkSync('../../dist/cli/main.js', `${root}node_modules/.bin/tollgate`);
}
await import('./compile-price-book.mjs');
writeFileSync(`${root}dist/.built`, '');
