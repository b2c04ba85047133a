/**
 * What processes have used, from /proc: processor time and resident memory of a process and of all that descend from it.
 * Threads count with their process. Where there is no /proc, `canMeasure` is false and nothing here may be asked.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export const canMeasure = existsSync('/proc/self/stat');

/** Fields of `stat` behind the program's name, which may hold spaces and brackets. */
const fieldsOf = (text) => text.slice(text.lastIndexOf(')') + 2).split(' ');

/** User and system time of a line of /proc/PID/stat, in ticks. */
export function ticksOf(text) {
  const fields = fieldsOf(text);
  return Number(fields[11]) + Number(fields[12]);
}

export const parentOf = (text) => Number(fieldsOf(text)[1]);

let ticks_per_s;
function tick_ms() {
  ticks_per_s ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return 1000 / ticks_per_s;
}

/** The process and its descendants. */
export function family(pid) {
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    const text = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : '';
    if (text === '') continue;
    const parent = parentOf(text);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [pid];
  for (const one of found) found.push(...(children.get(one) ?? []));
  return found;
}

export const cpu_ms = (pids) =>
  pids.reduce((sum, pid) => sum + ticksOf(readFileSync(`/proc/${pid}/stat`, 'utf8')), 0) * tick_ms();

/** Of all processes together, and what the host of a virtual machine took away; without interrupts, which are nobody's. */
export function machine_ms() {
  const [, user, nice, system, , , , , steal] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]
    .split(/ +/)
    .map(Number);
  return (user + nice + system + (steal || 0)) * tick_ms();
}

export const rss_mb = (pids) =>
  pids.reduce((sum, pid) => sum + Number(/^VmRSS:\s*(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0), 0) / 1024;

/** Processes may end between being listed and being read. */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
