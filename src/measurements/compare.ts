/**
 * Measurements side by side: target against check, what failed, differences against the baseline, shapes of errors, what
 * was skipped. Everything that people read of a run is read from here.
 *
 * The order is total: baseline first, other targets by id, checks as the contract lists them; the order in which a run
 * happened to finish does not show. It judges nothing anew and rounds nothing.
 */
import { byText } from '../units.ts';
import { type Difference, differencesOf } from './compare-differences.ts';
import { type ErrorCase, errorCases } from './compare-errors.ts';
import { type Latency, latencyOf } from './compare-rounds.ts';
import {
  CHECKS,
  type CheckId,
  type Evidence,
  type Finding,
  type MeasuredTarget,
  type Measurements,
  VERDICTS,
  type Verdict,
} from './contract.ts';

export interface CheckRow {
  readonly check: CheckId;
  /** As the targets stand; undefined: it was not judged there. */
  readonly cells: readonly (Finding | undefined)[];
}

export interface Standing {
  readonly target: MeasuredTarget;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Required checks that failed or were not run. */
  readonly unmet: readonly Finding[];
}

export interface Comparison {
  readonly baseline: MeasuredTarget | undefined;
  /** Those that were called. */
  readonly targets: readonly MeasuredTarget[];
  readonly skipped: readonly MeasuredTarget[];
  readonly standings: readonly Standing[];
  readonly rows: readonly CheckRow[];
  /** What failed, required first. */
  readonly failures: readonly Finding[];
  readonly not_run: readonly Finding[];
  readonly latencies: readonly Latency[];
  readonly differences: readonly Difference[];
  readonly errors: readonly ErrorCase[];
  /** By id. */
  readonly evidence: ReadonlyMap<string, Evidence>;
}

export function comparisonOf(found: Measurements): Comparison {
  const all = [...found.targets].sort(
    (a, b) => Number(b.is_baseline) - Number(a.is_baseline) || byText(a.id, b.id) || byText(a.base_url, b.base_url),
  );
  const targets = all.filter(({ skipped }) => skipped === null);
  const baseline = targets.find(({ is_baseline }) => is_baseline);
  const findings = ordered(
    found.findings,
    targets.map(({ id }) => id),
  );
  const at = (target: MeasuredTarget, check: CheckId): Finding | undefined =>
    findings.find((one) => one.target === target.id && one.check === check);
  const evidence = [...found.evidence].sort(
    (a, b) => byText(a.started_at, b.started_at) || numberIn(a.id) - numberIn(b.id) || byText(a.id, b.id),
  );
  const latencies = targets.map((target) => latencyOf(target.id, evidence));
  return {
    baseline,
    targets,
    skipped: all.filter(({ skipped }) => skipped !== null),
    standings: targets.map((target) => standingOf(target, findings)),
    rows: CHECKS.map((check) => ({ check, cells: targets.map((target) => at(target, check)) })).filter(({ cells }) =>
      cells.some((cell) => cell !== undefined),
    ),
    failures: requiredFirst(findings.filter(({ verdict }) => verdict === 'fail')),
    not_run: requiredFirst(findings.filter(({ verdict }) => verdict === 'not_run')),
    latencies,
    differences: differencesOf({ targets, baseline, findings, evidence, latencies }),
    errors: errorCases(targets, baseline, evidence),
    evidence: new Map(evidence.map((one) => [one.id, one])),
  };
}

/** The worse of two findings of one check on one target comes first, and is the one that is shown. */
const GRAVEST = ['fail', 'not_run', 'not_supported', 'pass'] as const satisfies readonly Verdict[];

const ordered = (findings: readonly Finding[], targets: readonly string[]): Finding[] =>
  findings
    .filter(({ target }) => targets.includes(target))
    .sort(
      (a, b) =>
        CHECKS.indexOf(a.check) - CHECKS.indexOf(b.check) ||
        targets.indexOf(a.target) - targets.indexOf(b.target) ||
        GRAVEST.indexOf(a.verdict) - GRAVEST.indexOf(b.verdict) ||
        byText(a.seen, b.seen),
    );

const requiredFirst = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => Number(b.required) - Number(a.required));

function standingOf(target: MeasuredTarget, findings: readonly Finding[]): Standing {
  const own = findings.filter((one) => one.target === target.id);
  return {
    target,
    counts: Object.fromEntries(
      VERDICTS.map((verdict) => [verdict, own.filter((one) => one.verdict === verdict).length]),
    ) as Record<Verdict, number>,
    unmet: own.filter(({ required, verdict }) => required && (verdict === 'fail' || verdict === 'not_run')),
  };
}

/** Ids end in a number that counts up over the run. */
const numberIn = (id: string): number => Number(/(\d{1,15})$/.exec(id)?.[1] ?? 0);
