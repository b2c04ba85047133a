/**
 * Judged runs put together as a ledger: claims of one number under their statement, numbers in their order, claims without a
 * number after them. The verdict of a statement is that of its first corrected claim, else of its first. It judges nothing.
 */
import { byText } from '../units.ts';
import { LEDGER_SCHEMA_VERSION, type Ledger, type LedgerClaim, type LedgerStatement } from './contract.ts';
import type { JudgedRun } from './judge-run.ts';
import { firstSentence } from './words.ts';

export interface LedgerFacts {
  readonly version: string;
  readonly price_book_sha256: string;
  readonly problems: Ledger['problems'];
}

/** @param runs in the order in which their claims are told @param only numbers of statements; undefined: all */
export function ledgerOf(runs: readonly JudgedRun[], facts: LedgerFacts, only?: ReadonlySet<string>): Ledger {
  const isAsked = ({ of }: Pick<LedgerClaim, 'of'>): boolean => only === undefined || (of !== null && only.has(of));
  const kept = runs.filter(({ claims }) => claims.some(isAsked));
  const claims = kept.flatMap((one, run) =>
    one.claims.filter(isAsked).map((claim): LedgerClaim => ({ run, ...claim })),
  );
  const byNumber = new Map<string, number[]>();
  const others: LedgerStatement[] = [];
  claims.forEach((claim, place) => {
    if (claim.of === null) others.push(statementOf(null, [place], claims));
    else byNumber.set(claim.of, [...(byNumber.get(claim.of) ?? []), place]);
  });
  const numbered = [...byNumber]
    .sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)) || byText(a, b))
    .map(([number, places]) => statementOf(number, places, claims));
  return {
    schema_version: LEDGER_SCHEMA_VERSION,
    version: facts.version,
    price_book_sha256: facts.price_book_sha256,
    statements: [...numbered, ...others],
    claims,
    runs: kept.map(({ run }) => run),
    problems: facts.problems,
  };
}

function statementOf(
  number: string | null,
  places: readonly number[],
  claims: readonly LedgerClaim[],
): LedgerStatement {
  const told = places.find((place) => claims[place]!.as === 'stated') ?? places[0]!;
  const deciding = places.find((place) => claims[place]!.as === 'corrected') ?? places[0]!;
  const { text, source } = claims[told]!;
  const { verdict, words, because, expression } = claims[deciding]!;
  return {
    number,
    text,
    source,
    verdict,
    words,
    decided_by: because === null ? expression : firstSentence(because),
    claims: [deciding, ...places.filter((place) => place !== deciding)],
  };
}
