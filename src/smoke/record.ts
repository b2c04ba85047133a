/** What a run has seen so far: at any moment it can be written down as measurements, whole or partial. */
import {
  type CheckId,
  type Evidence,
  type Finding,
  MEASUREMENTS_VERSION,
  type MeasuredTarget,
  type Measurements,
  type UsedPrice,
} from '../measurements/contract.ts';
import type { Judged } from './check.ts';
import type { Target } from './target.ts';

export interface RunFacts {
  readonly simulated: boolean;
  readonly tollgate: string;
  readonly node: string;
  readonly seed: number;
  readonly rounds: number;
  readonly cap_usd: number;
  readonly price_book_sha256: string;
}

export class RunRecord {
  readonly #facts: RunFacts;
  readonly #started_ms: number;
  readonly #targets: readonly MeasuredTarget[];
  readonly #findings: Finding[] = [];
  readonly #evidence: Evidence[] = [];
  readonly #prices = new Map<string, UsedPrice>();
  #next = 1;

  constructor(facts: RunFacts, targets: readonly MeasuredTarget[], started_ms: number) {
    this.#facts = facts;
    this.#targets = targets;
    this.#started_ms = started_ms;
  }

  nextId(target: string): string {
    return `${target}-${this.#next++}`;
  }

  keep(evidence: Evidence): void {
    this.#evidence.push(evidence);
  }

  /** The price that a call's cost is computed from; undefined: none. */
  priced(price: UsedPrice | undefined): void {
    if (price === undefined) return;
    const name = `${price.seller}/${price.model} ${price.as_of} ${price.source}`;
    if (!this.#prices.has(name)) this.#prices.set(name, price);
  }

  judge({ id, required }: Target, check: CheckId, { verdict, seen, figures = [], evidence }: Judged): Finding {
    const finding: Finding = {
      target: id,
      check,
      verdict,
      required: required.has(check),
      seen,
      figures: [...figures],
      evidence: evidence.map((one) => one.id),
    };
    this.#findings.push(finding);
    return finding;
  }

  measurements(ended_ms: number, complete: boolean, spent: Measurements['spent']): Measurements {
    return {
      format: 'tollgate-measurements',
      version: MEASUREMENTS_VERSION,
      complete,
      started_at: new Date(this.#started_ms).toISOString(),
      ended_at: new Date(ended_ms).toISOString(),
      ...this.#facts,
      spent: { ...spent },
      prices: [...this.#prices].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, price]) => price),
      targets: [...this.#targets],
      findings: [...this.#findings],
      evidence: [...this.#evidence],
    };
  }
}

export const measuredTarget = (target: Target, skipped: string | null): MeasuredTarget => {
  const { id, system, kind, base_url, api, model, priced_as, isBaseline } = target;
  return { id, system, kind, base_url, api, model, priced_as: priced_as ?? null, is_baseline: isBaseline, skipped };
};
