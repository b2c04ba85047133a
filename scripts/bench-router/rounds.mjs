/**
 * Measures in rounds: in each, every measure visits all targets in a few short turns, each in an order of its own, drawn from
 * a seed, so that what else the machine does meets them alike; the turns of a round make one figure. The first round warms up and is dropped. It waits for the machine to
 * be quiet; where it did not stay so, it is measured again, a few times at most, and what was disturbed least is kept; the
 * choice never looks at the figures themselves. Gives `samples.get(measure).get(target)`, the figures of each round that counts.
 */
import { substream } from '../../dist/random.js';
import { QUIET_CORES } from './patience.mjs';
import { canMeasure, family } from './process-usage.mjs';
import { requestBody } from './seller-answers.mjs';
import { headersFor } from './targets.mjs';
import { together } from './window.mjs';

/** A job of the load generator for a target. */
export const jobFor = (target, { model, isStream = false, ...job }, more = {}) => ({
  ...job,
  ...more,
  isStream,
  url: target.url,
  pids: target.pid === undefined || !canMeasure ? [] : family(target.pid),
  headers: headersFor(target),
  body: requestBody(model, isStream ? { stream: true } : {}),
});

export async function warmUp({ targets, jobs, load, own_pids }) {
  for (const target of targets)
    for (const job of jobs) await asked(load, 'warm-up', target, jobFor(target, job, { own_pids }));
}

export async function measureRounds({ targets, measures, load, own_pids, patience, options, onRound }) {
  const { rounds, turns, repeats, lead_in_ms, duration_ms, seed } = options;
  const draw = substream(seed, 'order');
  const samples = new Map(measures.map(({ id }) => [id, new Map(targets.map(({ name }) => [name, []]))]));
  for (let round = 0; round < rounds; round++) {
    onRound(round);
    for (const { id, job } of measures) {
      const found = new Map(targets.map(({ name }) => [name, []]));
      const order = Array.from({ length: turns }, () => shuffled(targets, draw)).flat();
      for (const target of order) {
        const ask = async () => {
          if (round > 0) await patience.untilQuiet();
          return await asked(load, id, target, jobFor(target, job, { own_pids, lead_in_ms, duration_ms }));
        };
        found.get(target.name).push(await leastDisturbed(ask, round > 0 ? repeats : 0, patience));
      }
      if (round > 0) for (const [name, figures] of found) samples.get(id).get(name).push(together(figures));
    }
  }
  return samples;
}

/** Once each, after one another or at the same time; a target without a process of its own has no memory to look at. */
export async function measureMemory({ targets, measures, load, onMeasure }) {
  const found = new Map();
  const measured = targets.filter(({ pid }) => pid !== undefined);
  for (const { id, job, isTogether } of canMeasure ? measures : []) {
    onMeasure(id);
    const jobs = measured.map((target) => jobFor(target, job));
    const figures = isTogether ? await load.ask({ load: 'together', jobs }) : [];
    for (const [at, target] of isTogether ? [] : measured.entries())
      figures.push(await asked(load, id, target, jobs[at]));
    found.set(id, new Map(measured.map(({ name }, at) => [name, figures[at]])));
  }
  return found;
}

async function leastDisturbed(ask, repeats, patience) {
  let best = await ask();
  for (let again = 0; again < repeats && best.others > QUIET_CORES && patience.isLeft; again++) {
    const from = performance.now();
    const figures = await ask();
    patience.spend(performance.now() - from);
    if (figures.others < best.others) best = figures;
  }
  return best;
}

async function asked(load, id, { name }, job) {
  try {
    return await load.ask(job);
  } catch (error) {
    throw new Error(`${id} of ${name}: ${error.message}`);
  }
}

function shuffled(targets, draw) {
  const list = [...targets];
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(draw.uniform() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}
