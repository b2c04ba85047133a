/** The rules that lint holds a price book against, each with the reason for which it exists, and what a finding is. */
import { STALE_AFTER_DAYS } from './as-of.ts';
import type { TokenPrices } from './rate-card.ts';

export const LINT_RULES = {
  cache_read_ratio:
    'cached tokens cost from 0.5 % to all of the input price; else the cell is of another unit or column',
  cache_write_ratio: 'writing a cache costs 0.95 to 2.05 times the input price; else it is storage, or another column',
  cache_write_1h_below_5m: 'keeping a cache longer is never cheaper; such a figure is copied from another model',
  cache_columns_swapped: 'reading a cache is never dearer than writing it; the columns are swapped',
  cache_price_missing: 'siblings list a cached price; without one, cached traffic stays unpriced',
  cliff_below_base: 'longer prompts never cost less; the columns of the cliff are shifted or of another model',
  batch_ratio: 'batch costs 20 % to 100 % of the standard price; above that nobody would batch',
  tier_ratio: 'flex costs 20 % to 100 % of the standard price, priority 1 to 5 times it, fast 1 to 10 times it',
  output_ratio: 'output costs at least half of input; else the two are swapped or one is missing',
  input_above_200: 'no model costs more than 200 USD per million input tokens; the price is per thousand or in cents',
  zero_price: '0 means free: a figure that is not known is left out',
  unit_slip: 'the same model elsewhere, its siblings or its past cost a power of ten more or less: a slip of unit',
  column_slip: 'one column is a power of ten off what it is at siblings, in proportion to input',
  price_old: `the source is more than ${STALE_AFTER_DAYS} days older than the newest of the book`,
  explains_nothing: 'the rule that it explains finds nothing here any more; delete the explanation',
  access_unknown_model: 'how a system names a model is stated for models of the book; else nothing ever uses it',
  access_name_twice: 'a name by which two systems go means neither',
} as const;
export type LintRule = keyof typeof LINT_RULES;

export interface LintFinding {
  /** `seller/model`; of an access block the seller or gateway. */
  readonly card: string;
  readonly rule: LintRule;
  /** Impossible prices are errors and cannot be explained away. */
  readonly severity: 'error' | 'warning';
  /** Where on the card, what was found, and against what. */
  readonly message: string;
  readonly found: number | null;
  readonly against: number | null;
  /** The card's own reason. */
  readonly explained?: string;
}

/** What a rule finds on a card, before the card's own explanations are looked at. */
export type RuleFinding = Pick<LintFinding, 'rule' | 'message' | 'found' | 'against'>;
/** A column of a table of prices. */
export type Cell = keyof TokenPrices;

/** One finding for each rule and pair of numbers: a card with ten periods of one flaw says it once. */
export const distinct = (raw: readonly RuleFinding[]): RuleFinding[] => [
  ...new Map(raw.map((one) => [`${one.rule} ${one.found} ${one.against}`, one])).values(),
];
