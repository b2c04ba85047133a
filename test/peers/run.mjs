/**
 * `npm run test:peers`: what the project is held against, outside `npm test`. Three ClickHouse servers are started and
 * test/peers run against them; clients and gateways are installed, and the router run before them. Then all is stopped.
 * `npm run test:peers -- litellm` installs LiteLLM too and runs its tests alone; once it is there, they run with the others.
 *
 * What can't be had is skipped, in one line that says why; tests that fail give an exit code other than 0.
 */
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { clickhouseServer } from './install.mjs';
import { installClients } from './install-clients.mjs';
import { litellmProgram } from './install-litellm.mjs';
import { startServers } from './servers.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TESTS_MS = 600_000;
/** Tests that need the servers. */
const CLICKHOUSE = ['clickhouse', 'mistakes', 'scenario', 'shard-down'].map((name) => `test/peers/${name}.test.ts`);
/** Tests that need what test/peers/package.json brings. */
const CLIENTS = ['test/peers/clients/**', 'test/peers/conformance.test.ts', 'test/peers/smoke.test.ts'];
const LITELLM = ['test/peers/smoke-litellm.test.ts'];

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.once(signal, () => process.exit(code));

// The router is run as it is built.
const setup = spawnSync(process.execPath, [path.join(ROOT, 'scripts/setup.mjs')], { stdio: 'inherit' });
if (setup.status !== 0) process.exit(setup.status ?? 1);

const skipped = [];
const { program, missing: noServer } = clickhouseServer();
if (noServer !== undefined) skip('ClickHouse', noServer, CLICKHOUSE);
const { missing: noClients } = installClients();
if (noClients !== undefined) skip('clients and gateways', noClients, CLIENTS);
const { program: litellm, missing: noLitellm } = litellmProgram(process.argv.includes('litellm'));
if (noLitellm !== undefined) skip('LiteLLM', noLitellm, LITELLM);
const servers = program === undefined ? undefined : await startServers(program);

const tests = spawn(
  process.execPath,
  [
    path.join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    'vitest.peers.config.ts',
    '--passWithNoTests',
    ...skipped.flatMap((files) => ['--exclude', files]),
    ...process.argv.slice(2),
  ],
  {
    cwd: ROOT,
    env: { ...process.env, ...toldOf(servers), ...(litellm === undefined ? {} : { TOLLGATE_LITELLM: litellm }) },
    stdio: 'inherit',
    timeout: TESTS_MS,
  },
);
process.once('exit', () => tests.kill());
const code = await new Promise((resolve) => tests.once('exit', (status) => resolve(status ?? 1)));
await servers?.stop();
process.exit(code);

function skip(what, reason, files) {
  console.log(`test:peers: ${what} skipped: ${reason}`);
  skipped.push(...files);
}

function toldOf(started) {
  if (started === undefined) return {};
  const { password, cluster, shards } = started;
  return { TOLLGATE_PEERS: JSON.stringify({ cluster, shards }), CLICKHOUSE_PASSWORD: password };
}
