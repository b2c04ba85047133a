/**
 * A check's way to one target: makes its calls, reserves and settles what they cost, keeps what came as evidence. After two
 * calls in a row that came to nothing the target is given up, so that a dead one costs a time-out or two and not one a check.
 */
import type { CheckId } from '../measurements/contract.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { Probe, Seen } from './check.ts';
import type { Clock } from './clock.ts';
import { costUsd, mostUsd } from './costs-of.ts';
import type { Asked, Dialect, Told } from './dialect.ts';
import { evidenceOf } from './evidence-of.ts';
import type { Caller, Exchange } from './exchange.ts';
import { noPriceWords, priceUsed } from './price-used.ts';
import type { RunRecord } from './record.ts';
import type { Redaction } from './redact.ts';
import type { Spending } from './spending.ts';
import type { Target } from './target.ts';

const MOST_IN_VAIN = 2;
const INTERRUPTED = 'interrupted';

export class TargetGone extends Error {
  override readonly name = 'TargetGone';
}

export class NoPrice extends Error {
  override readonly name = 'NoPrice';
}

/** A target that can be called. */
export class ReadyTarget {
  readonly target: Target;
  readonly caller: Caller;
  readonly dialect: Dialect;
  /** In the order in which they ended. */
  readonly seen: Seen[] = [];
  #inVain = 0;
  #last = '';

  constructor(target: Target, caller: Caller, dialect: Dialect) {
    this.target = target;
    this.caller = caller;
    this.dialect = dialect;
  }

  /** Why it was given up; undefined: it answers. */
  get gone(): string | undefined {
    return this.#inVain < MOST_IN_VAIN ? undefined : this.#last;
  }

  giveUp(why: string): void {
    this.#inVain = MOST_IN_VAIN;
    this.#last = why;
  }

  heard({ end, status, failure }: Exchange): void {
    const isInVain = status === 0 && (end === 'timeout' || end === 'unreachable');
    this.#inVain = isInVain ? this.#inVain + 1 : 0;
    if (isInVain) this.#last = failure ?? 'it does not answer';
  }
}

export interface ProbeParts {
  readonly book: PriceBook;
  readonly spending: Spending;
  readonly record: RunRecord;
  readonly redaction: Redaction;
  readonly clock: Clock;
  readonly random: () => number;
  /** The run is to end. */
  readonly signal: AbortSignal | undefined;
}

export function probeOf(ready: ReadyTarget, check: CheckId, parts: ProbeParts, round?: number): Probe {
  const { target, dialect, caller } = ready;
  const { book, spending, record, redaction, clock, random, signal } = parts;
  const mayCall = (): void => {
    if (ready.gone !== undefined) throw new TargetGone(ready.gone);
    if (signal?.aborted) throw new TargetGone(INTERRUPTED);
  };
  const ask = async (asked: Asked): Promise<Seen> => {
    mayCall();
    const on = dateOf(clock.now());
    const most = mostUsd(book, target, asked, on);
    if (most === undefined) throw new NoPrice(noPriceWords(book, target, asked));
    const settle = await spending.reserve(most);
    try {
      mayCall();
    } catch (error) {
      settle(0);
      throw error;
    }
    record.priced(priceUsed(book, target, asked, on));
    const call = dialect.call(asked, target);
    const exchange = await caller.call(call);
    if (signal?.aborted && exchange.end !== 'whole') {
      settle(undefined);
      throw new TargetGone(INTERRUPTED);
    }
    ready.heard(exchange);
    const told = dialect.read(exchange, asked, target);
    const at = new Date(exchange.started_ms).toISOString();
    const computed_usd = told.counts && costUsd(book, target, asked, told.counts, at);
    settle(settled(exchange, told, computed_usd));
    const seen: Seen = { id: record.nextId(target.id), exchange, told, computed_usd };
    ready.seen.push(seen);
    record.keep(evidenceOf(seen, { target: target.id, check, round, call, prompts: promptsOf(asked) }, redaction));
    return seen;
  };
  return { target, dialect, ask, wait: (ms) => clock.wait(ms, signal), random, round, earlier: () => ready.seen };
}

/**
 * Undefined: not known. What a seller refused costs nothing, nor does what never reached it. Where an answer's own figure and
 * the price book differ, the larger holds: a target that tells too little must not widen the cap.
 */
function settled({ status, end }: Exchange, told: Told, computed_usd: number | undefined): number | undefined {
  if (status >= 400 || (status === 0 && end === 'unreachable')) return 0;
  const known = [told.reported_usd, computed_usd].filter((usd) => usd !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function promptsOf(asked: Asked): readonly string[] {
  if (asked.operation === 'embeddings') return asked.texts;
  if (asked.operation === 'raw') return [asked.body];
  if (asked.operation !== 'chat') return asked.operation === 'images' ? [asked.prompt] : [];
  return asked.system === undefined ? [asked.prompt] : [asked.prompt, asked.system];
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
