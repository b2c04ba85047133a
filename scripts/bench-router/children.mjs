/**
 * Processes of the benchmark: started, pinned to a core where `taskset` is there, asked over a channel, and ended by their
 * ids whatever happens. Touches no process that it did not start.
 */
import { fork, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const READY_MS = 20_000;
const running = new Set();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Forks a file and waits for its first message; gives `{ pid, ready, ask(message), stop() }`. */
export async function startChild(file, args = [], env = {}) {
  const child = fork(file, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // JSON would make null of what was not measured.
    serialization: 'advanced',
  });
  running.add(child);
  const ended = new Promise((resolve) => child.once('exit', resolve)).then(() => running.delete(child));
  const next = () =>
    new Promise((resolve, reject) => {
      const onExit = (code) => reject(new Error(`${file} ended with ${code}`));
      child.once('exit', onExit);
      child.once('message', (message) => {
        child.off('exit', onExit);
        resolve(message);
      });
    });
  const late = setTimeout(() => child.kill('SIGKILL'), READY_MS);
  const ready = await next();
  clearTimeout(late);
  return {
    pid: child.pid,
    ready,
    async ask(message) {
      const answer = next();
      child.send(message);
      const { error, result } = await answer;
      if (error !== undefined) throw new Error(error);
      return result;
    },
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Two cores: what is measured gets the first, all that measures it the second. */
export const PROXY_CORE = 0;
export const LOAD_CORE = 1;
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** All threads of these processes, and those that they start later. */
export function pin(pids, core) {
  if (!canPin) return;
  for (const pid of pids) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)]);
}
