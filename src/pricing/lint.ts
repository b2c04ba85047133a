/**
 * Lint of the price book: rules that find slips of unit, swapped columns and copied rows. Proportions within a card stand in
 * lint-proportions.ts, a card against others in lint-outliers.ts, names of systems in access-lint.ts.
 *
 * Takes a book, gives findings with both numbers and why it matters. A card may explain a finding (`explained`); an
 * explanation without a finding is one itself. Sound prices can break a rule, wrong ones can keep all: it reads no page.
 * Cancelled periods are left out.
 */
import { lintAccess } from './access-lint.ts';
import { ageDays, STALE_AFTER_DAYS } from './as-of.ts';
import { againstOthers } from './lint-outliers.ts';
import { proportionsOf } from './lint-proportions.ts';
import { distinct, type LintFinding, type LintRule, type RuleFinding } from './lint-rules.ts';
import type { PriceBook } from './price-book.ts';
import type { RateCard, SellerFile } from './rate-card.ts';

const ERRORS: ReadonlySet<LintRule> = new Set([
  'cache_write_1h_below_5m',
  'cache_columns_swapped',
  'cliff_below_base',
  'input_above_200',
  'explains_nothing',
]);

/** Every finding, in order of the book; `newest_on` of the book is the day that ages count to. */
export function lint(book: PriceBook): LintFinding[] {
  const ofCards = [...book.sellers.values()].flatMap((file) =>
    file.cards.flatMap((card) => settled(`${file.seller}/${card.model}`, card, findingsOf(book, file, card))),
  );
  const ofAccess = lintAccess(book).map(
    ({ system, rule, message }): LintFinding => ({
      card: system,
      rule,
      severity: 'error',
      message,
      found: null,
      against: null,
    }),
  );
  return [...ofCards, ...ofAccess];
}

export const isOpen = (finding: LintFinding): boolean => finding.explained === undefined;

function settled(name: string, card: RateCard, raw: readonly RuleFinding[]): LintFinding[] {
  const found = raw.map((one): LintFinding => {
    const isError = ERRORS.has(one.rule) || (one.rule === 'batch_ratio' && one.found! > one.against!);
    const reason = isError ? undefined : card.explained.find(({ rule }) => rule === one.rule)?.reason;
    const severity = isError ? 'error' : 'warning';
    return { card: name, severity, ...one, ...(reason === undefined ? {} : { explained: reason }) };
  });
  const idle = card.explained.filter(({ rule }) => !found.some((one) => one.rule === rule));
  return [
    ...found,
    ...idle.map(
      ({ rule }): LintFinding => ({
        card: name,
        rule: 'explains_nothing',
        severity: 'error',
        message: `"${rule}" is explained and not found`,
        found: null,
        against: null,
      }),
    ),
  ];
}

function findingsOf(book: PriceBook, file: SellerFile, card: RateCard): RuleFinding[] {
  const periods = card.periods.filter(({ status }) => status !== 'cancelled');
  return [...distinct(periods.flatMap(proportionsOf)), ...againstOthers(book, file, card, periods), ...age(book, card)];
}

function age(book: PriceBook, card: RateCard): RuleFinding[] {
  const days = ageDays(card.as_of, book.newest_on);
  if (days <= STALE_AFTER_DAYS) return [];
  const message = `read on ${card.as_of}, ${days} days before ${book.newest_on}`;
  return [{ rule: 'price_old', message, found: days, against: STALE_AFTER_DAYS }];
}
