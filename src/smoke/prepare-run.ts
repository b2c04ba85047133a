/**
 * From targets to a run that can begin: who can be called and with which key, who is left out and why, what is planned and
 * what it costs at most. No key, no call; no price, no call, since no cap could hold.
 */
import type { PriceBook } from '../pricing/price-book.ts';
import { anthropic } from './dialects/anthropic.ts';
import { openai } from './dialects/openai.ts';
import { type LiveCaller, liveCaller } from './live-caller.ts';
import { type PlannedCheck, planOf } from './plan.ts';
import { ReadyTarget } from './probe.ts';
import type { Check } from './run-smoke.ts';
import type { Target } from './target.ts';

export interface SkippedTarget {
  readonly target: Target;
  readonly why: string;
  /** What would be called if it were not left out. */
  readonly plan: readonly PlannedCheck[];
}

export interface PreparedRun {
  readonly ready: readonly ReadyTarget[];
  readonly skipped: readonly SkippedTarget[];
  readonly plan: readonly PlannedCheck[];
  /** Keys that will go out: to be struck from all that is kept. */
  readonly secrets: readonly string[];
  readonly close: () => Promise<void>;
}

export interface Preparing {
  readonly book: PriceBook;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly checks: readonly Check[];
  readonly rounds: number;
  /** Date of prices. */
  readonly on: string;
}

export const dialectOf = ({ api }: Target) => (api === 'anthropic' ? anthropic : openai);

export function prepareRun(targets: readonly Target[], { book, env, checks, rounds, on }: Preparing): PreparedRun {
  const ready: ReadyTarget[] = [];
  const skipped: SkippedTarget[] = [];
  const plan: PlannedCheck[] = [];
  const callers: LiveCaller[] = [];
  const secrets: string[] = [];
  for (const target of targets) {
    const key = target.key_env === undefined ? undefined : env[target.key_env];
    const planned = planOf(target, dialectOf(target), checks, { book, rounds, on });
    const why = keyProblem(target, key) ?? priceProblem(planned);
    if (why !== undefined) {
      skipped.push({ target, why, plan: planned });
      continue;
    }
    if (key !== undefined) secrets.push(key);
    const caller = liveCaller(target, key);
    callers.push(caller);
    ready.push(new ReadyTarget(target, caller, dialectOf(target)));
    plan.push(...planned);
  }
  return {
    ready,
    skipped,
    plan,
    secrets,
    close: async () => {
      await Promise.all(callers.map((caller) => caller.close()));
    },
  };
}

function keyProblem({ key_env }: Target, key: string | undefined): string | undefined {
  if (key_env === undefined) return undefined;
  if (key === undefined || key === '') return `the environment variable ${key_env} is not set`;
  return /^[\x21-\x7e]+$/.test(key) ? undefined : `${key_env} holds no key: a key is one line of plain text`;
}

/** Chat has to have a price; a check that asks for another model is left out by itself. */
const priceProblem = (planned: readonly PlannedCheck[]): string | undefined =>
  planned.find(({ check }) => check === 'reachable')?.unpriced;
