/**
 * `npm run test:peers`: starts three ClickHouse servers, runs test/peers against them and stops them, whatever happens.
 *
 * Where the servers cannot be had, one line says so and the exit code is 0; tests that fail give another one.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { clickhouseServer } from './install.mjs';
import { startServers } from './servers.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TESTS_MS = 300_000;

const { program, missing } = clickhouseServer();
if (program === undefined) {
  console.log(`test:peers skipped: ${missing}`);
  process.exit(0);
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.once(signal, () => process.exit(code));
const servers = await startServers(program);

const { password, cluster, shards } = servers;
const tests = spawn(
  process.execPath,
  [
    path.join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    'vitest.peers.config.ts',
    ...process.argv.slice(2),
  ],
  {
    cwd: ROOT,
    env: { ...process.env, TOLLGATE_PEERS: JSON.stringify({ cluster, shards }), CLICKHOUSE_PASSWORD: password },
    stdio: 'inherit',
    timeout: TESTS_MS,
  },
);
process.once('exit', () => tests.kill());
const code = await new Promise((resolve) => tests.once('exit', (status) => resolve(status ?? 1)));
await servers.stop();
process.exit(code);
