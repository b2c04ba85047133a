/** Runs probes against one target: most of them side by side, those that measure alone. Gives a verdict per probe. */
import { openTarget } from './targets.mjs';

const AT_ONCE = 6;

/**
 * @returns `{ name, version, results }` with probe id -> `{ verdict: 'pass' | 'fail' | 'none', seen, not }`, or
 * `{ name, missing }`
 */
export async function runProbes(name, probes) {
  const target = await openTarget(name, probes);
  if (target.missing !== undefined) return target;
  const results = {};
  try {
    for (const probe of probes) await target.start(probe);
    const waiting = probes.filter(({ alone }) => !alone);
    const work = async () => {
      for (let probe = waiting.shift(); probe !== undefined; probe = waiting.shift())
        results[probe.id] = await judged(target, probe);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    for (const probe of probes.filter(({ alone }) => alone)) results[probe.id] = await judged(target, probe);
  } finally {
    await target.stop();
  }
  return { name, version: target.version, results };
}

async function judged(target, probe) {
  const { policy, lookAnyway, reads, gateway } = probe;
  const can = policy === undefined || target.does.includes(policy);
  if (!target.isGateway && (!can || gateway)) return { verdict: 'none', seen: '', not: [] };
  if (!can && !lookAnyway) return { verdict: 'none', seen: 'not set up', not: [] };
  let found;
  let not;
  try {
    found = await probe.run(target.of(probe));
    not = [...found.not, ...(await target.disagreements(probe))];
  } catch (error) {
    return { verdict: 'fail', seen: 'the probe could not be run', not: [error.stack ?? String(error)] };
  }
  if (not.length === 0 && can) return { verdict: 'pass', seen: found.seen, not };
  // The seller itself, and a proxy that does not read what it carries, owe nothing here: what was seen stands alone.
  const isJudged = can && target.isGateway && (target.reads || !reads);
  return { verdict: isJudged ? 'fail' : 'none', seen: found.seen, not };
}
