/**
 * Three ClickHouse servers on this machine, as a cluster of three shards with one table spread over them.
 *
 * Each has its own folder under a temporary one, listens on 127.0.0.1 alone at ports that were free, and knows four users.
 * Gives their addresses and process ids; `stop` ends exactly those processes and removes the folder. Creates no table.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export const CLUSTER = 'three';
const SHARDS = 3;
const READY_MS = 30_000;
const STOP_MS = 5000;

/**
 * Users: `tollgate` may do all; `careless` has a profile that skips shards that are down; `reader` may change no setting;
 * `careless_reader` is both.
 */
const PROFILES = {
  tollgate: {},
  careless: { skip_unavailable_shards: 1 },
  reader: { readonly: 1 },
  careless_reader: { readonly: 1, skip_unavailable_shards: 1 },
};

/** Starts all three and waits until they answer; on failure nothing is left behind. */
export async function startServers(program) {
  const folder = mkdtempSync(path.join(tmpdir(), 'tollgate-peers-'));
  const password = randomBytes(12).toString('hex');
  const ports = await freePorts(SHARDS * 3);
  const shards = Array.from({ length: SHARDS }, (_, i) => {
    const [http_port, tcp_port, interserver_port] = ports.slice(i * 3, i * 3 + 3);
    return { http_port, tcp_port, interserver_port, folder: path.join(folder, `shard-${i + 1}`) };
  });
  const children = [];
  const stop = async () => {
    await Promise.all(children.map(stopProcess));
    rmSync(folder, { recursive: true, force: true });
  };
  // Also where this process ends before `stop` is called.
  process.once('exit', () => {
    for (const child of children) if (isRunning(child)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    for (const shard of shards) children.push(startServer(program, shard, shards, password));
    await Promise.all(shards.map((shard, i) => untilReady(shard, children[i])));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    password,
    cluster: CLUSTER,
    shards: shards.map(({ http_port, tcp_port }, i) => ({ http_port, tcp_port, pid: children[i].pid })),
    stop,
  };
}

/** Stops one server by its process id and waits until it no longer answers; a server that lingers is killed. */
export async function stopShard({ pid, http_port }) {
  process.kill(pid, 'SIGTERM');
  const late = Date.now() + STOP_MS;
  const deadline = late + STOP_MS;
  let killed = false;
  while (await answers(http_port)) {
    if (Date.now() > deadline) throw new Error(`the server at port ${http_port} did not stop`);
    if (Date.now() > late && !killed) killed = process.kill(pid, 'SIGKILL');
    await pause(100);
  }
}

function startServer(program, shard, shards, password) {
  mkdirSync(path.join(shard.folder, 'data'), { recursive: true });
  mkdirSync(path.join(shard.folder, 'tmp'));
  const config = path.join(shard.folder, 'config.xml');
  writeFileSync(config, configXml(shard, shards, password), { mode: 0o600 });
  writeFileSync(path.join(shard.folder, 'users.xml'), usersXml(password), { mode: 0o600 });
  const output = openSync(path.join(shard.folder, 'output.log'), 'a');
  const child = spawn(program, [`--config-file=${config}`], { cwd: shard.folder, stdio: ['ignore', output, output] });
  closeSync(output);
  child.on('error', () => {});
  return child;
}

async function untilReady({ http_port, folder }, child) {
  const deadline = Date.now() + READY_MS;
  while (!(await answers(http_port))) {
    if (isRunning(child) && Date.now() < deadline) {
      await pause(100);
      continue;
    }
    const log = ['output.log', 'error.log'].map((name) => lastLines(path.join(folder, name))).join('\n');
    throw new Error(`the server at port ${http_port} did not start\n${log}`);
  }
}

const lastLines = (file) => {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(-10).join('\n');
  } catch {
    return '';
  }
};

const isRunning = (child) => child.pid !== undefined && child.exitCode === null && child.signalCode === null;

async function stopProcess(child) {
  if (!isRunning(child)) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(late);
}

async function answers(port) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/ping`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(2000),
    });
    return (await response.text()).trim() === 'Ok.';
  } catch {
    return false;
  }
}

/** Ports that nothing listens at, all different: held open together, then let go. */
export async function freePorts(count) {
  const held = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const server = createServer().once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = held.map((server) => server.address().port);
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

const configXml = (shard, shards, password) => `<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><log>${shard.folder}/server.log</log><errorlog>${shard.folder}/error.log</errorlog><size>10M</size><count>1</count></logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>${shard.http_port}</http_port>
  <tcp_port>${shard.tcp_port}</tcp_port>
  <interserver_http_port>${shard.interserver_port}</interserver_http_port>
  <interserver_http_host>127.0.0.1</interserver_http_host>
  <path>${shard.folder}/data/</path>
  <tmp_path>${shard.folder}/tmp/</tmp_path>
  <users_config>users.xml</users_config>
  <default_profile>tollgate</default_profile>
  <default_database>default</default_database>
  <timezone>UTC</timezone>
  <mark_cache_size>67108864</mark_cache_size>
  <keep_alive_timeout>1</keep_alive_timeout>
  <max_concurrent_queries>50</max_concurrent_queries>
  <remote_servers><${CLUSTER}>${shards
    .map(
      ({ tcp_port }) =>
        `<shard><replica><host>127.0.0.1</host><port>${tcp_port}</port><user>tollgate</user><password>${password}</password></replica></shard>`,
    )
    .join('')}</${CLUSTER}></remote_servers>
</yandex>
`;

const usersXml = (password) => {
  const names = Object.keys(PROFILES);
  const settings = (profile) =>
    Object.entries(profile)
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join('');
  return `<?xml version="1.0"?>
<yandex>
  <profiles>${names.map((name) => `<${name}>${settings(PROFILES[name])}</${name}>`).join('')}</profiles>
  <users>${names
    .map(
      (name) =>
        `<${name}><password>${password}</password><networks><ip>127.0.0.1</ip></networks><profile>${name}</profile><quota>default</quota></${name}>`,
    )
    .join('')}</users>
  <quotas><default></default></quotas>
</yandex>
`;
};
