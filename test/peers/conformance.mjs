/**
 * `npm run conformance`: probes the seller itself, this router, nginx and Portkey, and writes reports/router-conformance.md.
 *
 * Exit code 1 where this router fails a probe, else 0. Where a peer can't be had, one line says so and the file is left as it
 * is. `--date 2026-11-21` names the state that is run; default: that of the last commit to router and probes.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PROBES } from './conformance/probes.mjs';
import { runProbes } from './conformance/run-probes.mjs';
import { NAMES, tableOf } from './conformance/table.mjs';
import { installClients } from './install-clients.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const REPORT = 'reports/router-conformance.md';
const MOST_MS = 600_000;

const { values } = parseArgs({ options: { date: { type: 'string' } } });
setTimeout(() => {
  console.error(`conformance: not done after ${MOST_MS / 1000} s`);
  process.exit(1);
}, MOST_MS).unref();
// So that gateways end with this process: they listen to its exit.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.once(signal, () => process.exit(code));

const { missing } = installClients();
if (missing !== undefined) console.log(`conformance: ${missing}`);

const results = {};
for (const name of Object.keys(NAMES)) {
  const found = await runProbes(name, PROBES);
  if (found.missing !== undefined) {
    console.log(`${NAMES[name]}: not run: ${found.missing}`);
    continue;
  }
  results[name] = found;
  const verdicts = Object.values(found.results).map(({ verdict }) => verdict);
  const count = (verdict) => verdicts.filter((one) => one === verdict).length;
  console.log(`${NAMES[name]}: ${count('pass')} pass, ${count('fail')} fail, ${count('none')} not judged`);
}

const failed = PROBES.filter(({ id }) => results.router?.results[id].verdict !== 'pass');
for (const { id } of failed) {
  const { seen, not } = results.router.results[id];
  console.log(`this router fails ${id}: ${seen}; not: ${not.join('; ')}`);
}
if (Object.keys(results).length === Object.keys(NAMES).length) {
  const versions = { node: process.versions.node, pins: pins() };
  writeFileSync(path.join(ROOT, REPORT), tableOf(results, { versions, date: dateOf() }));
  console.log(`written: ${REPORT}`);
} else console.log(`${REPORT} is left as it is: not all of its columns could be run`);
process.exit(failed.length > 0 ? 1 : 0);

/** "hono 4.9.7 and @hono/node-server 1.13.5": Portkey's streams fail with those that it would bring along. */
function pins() {
  const { overrides } = JSON.parse(readFileSync(path.join(ROOT, 'test/peers/package.json'), 'utf8'));
  const found = ['hono', '@hono/node-server'].map((name) => `${name} ${overrides['@portkey-ai/gateway'][name]}`);
  return found.join(' and ');
}

function dateOf() {
  if (values.date !== undefined) return values.date;
  const paths = ['src/router', 'src/routing', 'test/peers'];
  return execFileSync('git', ['log', '-1', '--format=%cs', '--', ...paths], { cwd: ROOT, encoding: 'utf8' }).trim();
}
