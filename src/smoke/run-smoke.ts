/**
 * A run of the suite: first each target is reached, then the checks that compare go over all of them in turn, round by round
 * in a seeded order, then the others, target beside target. Gives measurements whatever happens: an interruption, a cap that
 * is reached and a target that is gone leave checks that were not run and say why.
 */
import type { CheckId, MeasuredTarget, Measurements } from '../measurements/contract.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { substream } from '../random.ts';
import { isPaired, type Judged, type PairedCheck, type Seen, type TargetCheck } from './check.ts';
import type { Clock } from './clock.ts';
import { lackOf } from './lacks.ts';
import { NoPrice, type ProbeParts, probeOf, type ReadyTarget, TargetGone } from './probe.ts';
import { measuredTarget, type RunFacts, RunRecord } from './record.ts';
import { redaction } from './redact.ts';
import { CapReached, type Spending } from './spending.ts';
import type { Target } from './target.ts';

export type Check = TargetCheck | PairedCheck;

export interface SmokeRun {
  readonly ready: readonly ReadyTarget[];
  readonly skipped: readonly { readonly target: Target; readonly why: string }[];
  /** `reachable` stands first. */
  readonly checks: readonly Check[];
  readonly facts: RunFacts;
  readonly spending: Spending;
  readonly book: PriceBook;
  readonly clock: Clock;
  /** Keys that go out, and what else must not stay. */
  readonly secrets: readonly string[];
  readonly signal?: AbortSignal;
  readonly onJudged?: (target: Target, check: CheckId, judged: Judged) => void;
}

/** Targets that are put to single checks at a time. */
const SIDE_BY_SIDE = 4;
const NOT_REACHED = 'it is not reachable, so that nothing else was asked of it';

export async function runSmoke(run: SmokeRun): Promise<Measurements> {
  const { ready, skipped, checks, facts, clock, spending } = run;
  const targets: MeasuredTarget[] = [
    ...ready.map(({ target }) => measuredTarget(target, null)),
    ...skipped.map(({ target, why }) => measuredTarget(target, why)),
  ];
  const record = new RunRecord(facts, targets, clock.now());
  const suite = new Suite(run, record);
  const [first, ...others] = checks;
  if (first !== undefined && !isPaired(first)) await suite.reach(first);
  for (const check of others) if (isPaired(check)) await suite.paired(check);
  await suite.single(others.filter((check): check is TargetCheck => !isPaired(check)));
  return record.measurements(clock.now(), suite.isComplete, spending.spent);
}

class Suite {
  readonly #run: SmokeRun;
  readonly #record: RunRecord;
  readonly #parts: ProbeParts;
  isComplete = true;

  constructor(run: SmokeRun, record: RunRecord) {
    const { book, spending, clock, secrets, facts, signal } = run;
    this.#run = run;
    this.#record = record;
    const random = substream(facts.seed, 'smoke');
    this.#parts = {
      book,
      spending,
      record,
      clock,
      redaction: redaction(secrets),
      random: () => random.uniform(),
      signal,
    };
  }

  /** All at once: a target that is dead costs its time-out and holds up nobody. */
  async reach(check: TargetCheck): Promise<void> {
    await Promise.all(
      this.#run.ready.map(async (ready) => {
        const { verdict, seen } = await this.#one(ready, check);
        if (verdict !== 'pass') ready.giveUp(verdict === 'not_run' ? seen : NOT_REACHED);
      }),
    );
  }

  async single(checks: readonly TargetCheck[]): Promise<void> {
    const waiting = [...this.#run.ready];
    const worker = async (): Promise<void> => {
      for (let ready = waiting.shift(); ready !== undefined; ready = waiting.shift())
        for (const check of checks) await this.#one(ready, check);
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  }

  async paired(check: PairedCheck): Promise<void> {
    const { ready, facts } = this.#run;
    const order = substream(facts.seed, `order of ${check.id}`);
    const taking = ready.filter((one) => this.#lack(one, check) === undefined);
    const seen = new Map(taking.map((one) => [one, [] as (readonly Seen[])[]]));
    const stopped = new Map<ReadyTarget, string>();
    for (let round = 0; round < check.rounds(facts.rounds); round++) {
      for (const one of shuffled(taking, (below) => order.integer(below))) {
        if (stopped.has(one)) continue;
        try {
          seen.get(one)!.push(await check.round(probeOf(one, check.id, this.#parts, round)));
        } catch (error) {
          stopped.set(one, this.#whyStopped(error));
        }
      }
    }
    const baseline = taking.find(({ target }) => target.isBaseline);
    for (const one of ready) {
      const lack = this.#lack(one, check);
      const own = seen.get(one) ?? [];
      const others = baseline === undefined || baseline === one ? undefined : seen.get(baseline);
      const judged =
        lack !== undefined
          ? ({ verdict: 'not_supported', seen: lack, evidence: [] } as const)
          : own.length === 0
            ? notRun(stopped.get(one) ?? 'there was no round')
            : check.judge(own, others, one.target);
      this.#judge(one, check.id, judged);
    }
  }

  async #one(ready: ReadyTarget, check: TargetCheck): Promise<Judged> {
    const lack = this.#lack(ready, check);
    const judge = async (): Promise<Judged> => {
      if (lack !== undefined) return { verdict: 'not_supported', seen: lack, evidence: [] };
      try {
        return await check.run(probeOf(ready, check.id, this.#parts));
      } catch (error) {
        return notRun(this.#whyStopped(error));
      }
    };
    return this.#judge(ready, check.id, await judge());
  }

  /** What an answer names may stand in the sentence, and an answer may echo a key. */
  #judge({ target }: ReadyTarget, check: CheckId, { seen, ...rest }: Judged): Judged {
    const judged = { ...rest, seen: this.#parts.redaction.text(seen) };
    this.#record.judge(target, check, judged);
    this.#run.onJudged?.(target, check, judged);
    return judged;
  }

  #lack({ target, dialect }: ReadyTarget, check: Check): string | undefined {
    return lackOf(target, dialect, isPaired(check) ? check.plan(target, 0) : check.plan(target));
  }

  #whyStopped(error: unknown): string {
    if (!(error instanceof CapReached || error instanceof TargetGone || error instanceof NoPrice)) throw error;
    if (error instanceof CapReached || this.#parts.signal?.aborted) this.isComplete = false;
    return error.message;
  }
}

const notRun = (seen: string): Judged => ({ verdict: 'not_run', seen, evidence: [] });

function shuffled<T>(items: readonly T[], below: (n: number) => number): readonly T[] {
  const left = [...items];
  for (let i = left.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [left[i], left[j]] = [left[j]!, left[i]!];
  }
  return left;
}
