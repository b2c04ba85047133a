/**
 * A gateway as a process of its own: started, waited for until it answers, ended by its id. What it writes is kept for the
 * message of a failed start. It also ends where this process does.
 */
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

const READY_MS = 60_000;
const STOP_MS = 3000;
const MOST_CHARACTERS = 20_000;

/** @param url asked until it answers anything at all; or a function of the output so far that gives the url once it is told */
export async function startProcess(command, args, { url, env = process.env, cwd, onStop = () => {} }) {
  let output = '';
  const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const keep = (text) => {
    output = (output + text).slice(-MOST_CHARACTERS);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  child.on('error', (error) => keep(error.message));
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const atExit = () => {
    if (isRunning()) child.kill('SIGKILL');
  };
  process.once('exit', atExit);
  const stop = async () => {
    process.off('exit', atExit);
    if (isRunning()) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(late);
    }
    onStop();
  };
  const deadline = Date.now() + READY_MS;
  const told = typeof url === 'function' ? url : () => url;
  while (told(output) === undefined || !(await answers(told(output)))) {
    if (isRunning() && Date.now() < deadline) {
      await pause(30);
      continue;
    }
    await stop();
    throw new Error(`${command} ${args.join(' ')} did not start:\n${output}`);
  }
  return { url: told(output), pid: child.pid, output: () => output, stop };
}

async function answers(url) {
  try {
    await (await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(2000) })).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
