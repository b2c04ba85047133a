/**
 * What the router costs beside no proxy, nginx, a bare proxy of Hono and undici, and Portkey: processor time and throughput,
 * latency added, time to first token, memory. `npm run bench:router`; `--quick` takes about a minute on a quiet machine,
 * `--rounds N`, `--only a,b`, `--json FILE` for all samples, `--patience SECONDS` to wait in all for others to be done. Ends with a table of bars. Exit code 0 also where one is not met, 1 where something broke.
 *
 * Everything listens on 127.0.0.1, except Portkey, which knows no other way than all interfaces. With two cores the proxy has
 * one, seller and load the other; the seller and the load generator are processes of their own. Targets take turns in random
 * order; processor time is that of the proxy's processes, and the firmest figure on a machine that does other work as well.
 * Where that never rests, `chrt -r 1 npm run bench:router -- --patience 0` (as root) has the benchmark go first.
 */
import { writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release } from 'node:os';
import path from 'node:path';
import { judge } from './bench-router/bars.mjs';
import { canPin, LOAD_CORE, PROXY_CORE, pin, startChild } from './bench-router/children.mjs';
import { MEASURES, MEMORY, WARM_UP } from './bench-router/measures.mjs';
import { readOptions, USAGE } from './bench-router/options.mjs';
import { Patience } from './bench-router/patience.mjs';
import { barLines, disturbances, measureLines, memoryLines } from './bench-router/print.mjs';
import { canMeasure, family, rss_mb } from './bench-router/process-usage.mjs';
import { measureMemory, measureRounds, warmUp } from './bench-router/rounds.mjs';
import { TARGETS } from './bench-router/targets.mjs';

const part = (name) => path.join(import.meta.dirname, 'bench-router', name);
const say = (lines) => console.log([lines].flat().join('\n'));

let options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${error.message}\n${USAGE}`);
  process.exit(2);
}
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.once(signal, () => process.exit(code));

const machine = {
  at: new Date().toISOString(),
  node: process.version,
  system: `${platform()} ${release()} ${arch()}`,
  processor: cpus()[0]?.model,
  cores: availableParallelism(),
  isPinned: canPin,
  load_before: loadavg()[0],
};
const targets = [];

try {
  await run();
  process.exitCode = 0;
} catch (error) {
  console.error(`bench:router broke: ${error.message}`);
  process.exitCode = 1;
} finally {
  for (const { stop } of targets) await stop();
  process.exit();
}

async function run() {
  say(
    `node ${machine.node}, ${machine.cores} cores (${machine.processor}), load ${machine.load_before.toFixed(1)}; ${options.rounds - 1} rounds after one to warm up, order from seed ${options.seed}`,
  );
  if (!canPin) say('no taskset or only one core: processes are not pinned');
  if (!canMeasure) say('no /proc: processor time and memory are skipped');
  const seller = await startChild(part('seller.mjs'));
  const load = await startChild(part('load.mjs'));
  const own_pids = [seller.pid, load.pid];
  pin(own_pids, LOAD_CORE);
  await startTargets(`http://127.0.0.1:${seller.ready.port}`);

  const progress = (words) => process.stderr.isTTY && process.stderr.write(`\r${words.padEnd(40)}\r`);
  progress('warming up');
  await warmUp({ targets, jobs: WARM_UP, load, own_pids });
  const patience = new Patience(options.patience_s * 1000);
  const onRound = (round) => progress(`round ${round + 1} of ${options.rounds}`);
  const samples = await measureRounds({ targets, measures: MEASURES, load, own_pids, patience, options, onRound });
  const measured = targets.filter(({ pid }) => pid !== undefined && canMeasure);
  const afterRun = measured.map(({ name, pid }) => [name, rss_mb(family(pid))]);
  const memory = await measureMemory({ targets, measures: MEMORY, load, onMeasure: progress });
  machine.load_after = loadavg()[0];

  for (const measure of MEASURES) say(measureLines(measure, samples.get(measure.id)));
  say(disturbances(samples, patience.waited_ms));
  say(memoryLines(MEMORY, memory, afterRun));
  const bars = judge({ samples, memory });
  say(barLines(bars, options.rounds - 1));
  say(['', `load at the end ${machine.load_after.toFixed(1)}`]);
  if (options.json !== undefined) {
    const plain = (_, value) => (value instanceof Map ? Object.fromEntries(value) : value);
    writeFileSync(options.json, `${JSON.stringify({ machine, options, samples, afterRun, memory, bars }, plain, 2)}\n`);
  }
}

async function startTargets(upstream_url) {
  for (const name of options.only) {
    const { start, words } = TARGETS[name];
    const started = await start({ upstream_url });
    if (started.missing !== undefined) {
      say(`${name} skipped: ${started.missing}`);
      continue;
    }
    targets.push({ name, ...started });
    if (started.pid !== undefined && canMeasure) pin(family(started.pid), PROXY_CORE);
    say(`${name}: ${words}`);
  }
}
