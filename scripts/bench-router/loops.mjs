/**
 * The two kinds of load. Closed loop: so many clients, each asks again once it has its answer, so a slow answer delays the
 * next question and tails look better than they are; right for throughput and processor time. Open loop: questions are due at
 * fixed times whatever happened to those before, and latency counts from when they were due; right for tails.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { ask } from './question.mjs';
import { Window } from './window.mjs';

const DRAIN_MS = 5000;
const MOST_IN_FLIGHT = 4000;

/** With `most`, ends after so many requests and gives no figures. */
export async function closedLoop(job) {
  const { url, clients, stagger_ms = 0, most = Number.POSITIVE_INFINITY } = job;
  const pool = new Pool(url, { connections: clients, pipelining: 1 });
  const window = new Window(job);
  let asked = 0;
  const client = async (number) => {
    await pause(number * stagger_ms);
    for (let began = performance.now(); began < window.close_ms && asked < most; began = performance.now()) {
      asked++;
      window.add(began, await ask(pool, job));
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
    return asked < most ? await window.figures() : undefined;
  } finally {
    await pool.destroy();
  }
}

export async function openLoop(job) {
  const { url, per_s } = job;
  const pool = new Pool(url, { pipelining: 1 });
  const window = new Window(job);
  const flying = new Set();
  const late = [];
  let failure;
  let unsent = 0;
  const send = (due) => {
    if (due >= window.open_ms) late.push(performance.now() - due);
    if (flying.size >= MOST_IN_FLIGHT) {
      unsent++;
      return;
    }
    const one = ask(pool, job).then(
      (first) => window.add(due, first),
      (error) => {
        failure ??= error;
      },
    );
    flying.add(one);
    void one.then(() => flying.delete(one));
  };
  try {
    for (let i = 0; ; i++) {
      const due = window.start_ms + (i * 1000) / per_s;
      if (due >= window.close_ms) break;
      while (performance.now() < due) await pause(Math.max(1, Math.floor(due - performance.now())));
      send(due);
    }
    const gaveUp = pause(DRAIN_MS, 'late', { ref: false });
    const ended = await Promise.race([Promise.all(flying), gaveUp]);
    if (failure !== undefined) throw failure;
    const figures = await window.figures();
    return {
      ...figures,
      unanswered: unsent + (ended === 'late' ? flying.size : 0),
      late_p50_ms: late.sort((a, b) => a - b)[late.length >> 1],
    };
  } finally {
    await pool.destroy();
  }
}
