/** Claims as the report tells them: verdict, share of the range, boundary, evidence. Their words stand in claim-words.ts. */
import { claimsOf, type JudgedClaim } from '../claims/claims-of.ts';
import type { Evaluation } from '../evaluate.ts';
import { whereWords } from './claim-words.ts';
import { COMPONENTS, type ReportClaim } from './contract.ts';

export const reportedClaims = (evaluation: Evaluation): ReportClaim[] => claimsOf(evaluation, COMPONENTS).map(claimOf);

/** What stands beside a claim; nothing where nothing was said. */
function notesOf({ of, as, restated, because, wrong, published }: Omit<JudgedClaim, 'region' | 'over' | 'evidence'>) {
  return {
    ...(of === undefined ? {} : { of, as }),
    ...(restated === undefined ? {} : { restated }),
    ...(because === undefined ? {} : { because }),
    ...(wrong.length === 0 ? {} : { wrong: wrong.map((one) => ({ ...one })) }),
    ...(published.for.length + published.against.length === 0
      ? {}
      : { published: { for: [...published.for], against: [...published.against] } }),
  };
}

function claimOf({ region, over, evidence, ...claim }: JudgedClaim): ReportClaim {
  const told: ReportClaim = {
    id: claim.id,
    text: claim.text,
    source: claim.source,
    expression: claim.expression,
    verdict: claim.verdict,
    here: claim.here,
    share_fraction: region?.share_fraction ?? null,
    unknown_fraction: region?.unknown_fraction ?? null,
    over: over.map(({ path, unit, from, to, range }) => ({ path, unit, from, to, range })),
    boundary: (region?.boundary ?? []).map(({ x, y, below, above }) => ({
      values: y === undefined ? [x] : [x, y],
      below,
      above,
    })),
    where: '',
    ...notesOf(claim),
    evidence: evidence.map(({ name, unit, value }) => ({
      name,
      unit,
      value:
        value === Number.POSITIVE_INFINITY
          ? 'never'
          : typeof value === 'number' && !Number.isFinite(value)
            ? null
            : value,
    })),
  };
  return { ...told, where: whereWords(told, region) };
}
