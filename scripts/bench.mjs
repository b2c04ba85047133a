/**
 * Benchmarks, one process each, after a build: `npm run bench` runs the first two, `npm run bench NAME` any of them.
 *
 * traffic makes a file of 10 million rows and one of 100 million once, in the system's folder for temporary files.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DEFAULT = ['pricing', 'traffic'];
const [asked, ...rest] = process.argv.slice(2);
for (const name of asked === undefined || asked.startsWith('-') ? DEFAULT : [asked]) {
  const script = fileURLToPath(new URL(`bench-${name}.mjs`, import.meta.url));
  if (!existsSync(script)) {
    console.error(`there is no benchmark "${name}"; there are pricing, traffic, routing, caches, replay, uncertainty`);
    process.exit(2);
  }
  const options = asked?.startsWith('-') ? [asked, ...rest] : rest;
  const { status } = spawnSync(process.execPath, [script, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
