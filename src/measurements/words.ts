/**
 * What was measured, in the words that all artefacts share: sentences of differences, verdicts, what stands on top of a run
 * that is simulated or partial. Rounding is that of report/format, and three digits of a time.
 */
import { STALE_AFTER_DAYS } from '../pricing/as-of.ts';
import { listed, number, plural, quantity as quantityWords, share } from '../report/format.ts';
import type { Comparison, Standing } from './compare.ts';
import { type Difference, neutralOf, type QuantityId, sideOf } from './compare-differences.ts';
import type { ErrorShape } from './compare-errors.ts';
import type { CheckId, Figure, Finding, MeasuredTarget, Measurements, UsedPrice, Verdict } from './contract.ts';

export const VERDICT_WORDS: Record<Verdict, string> = {
  pass: 'pass',
  fail: 'fail',
  not_supported: 'not supported',
  not_run: 'not run',
};

export const checkWords = (check: CheckId): string => {
  const text = check.replaceAll('_', ' ').replace('json', 'JSON').replace(/ id$/, ' ID');
  return `${text[0]!.toUpperCase()}${text.slice(1)}`;
};

export const QUANTITY_WORDS: Record<QuantityId, string> = {
  added_first_token_ms: 'Time to the first token',
  added_total_ms: 'Time to the whole answer',
  error_fraction: 'Share of calls that failed',
  billed_tokens_ratio: 'Prompt tokens billed',
  markup_fraction: 'Price told, against the price book',
  cache_read_fraction: 'Repeated prompt read from cache',
};

/** On top of everything that a run leaves. */
export const SIMULATED_WORDS =
  'SIMULATED: a local stand-in with declared latency, prices and faults gave all answers. Nothing here was seen of a real seller or gateway.';
export const PARTIAL_WORDS =
  'PARTIAL: the run was interrupted or reached its cap. What was not run is marked so, and says why.';

/** `SIMULATED · PARTIAL · Live check of 3 routes`. */
export function titleWords({ simulated, complete }: Measurements, { targets }: Comparison): string {
  return [
    ...(simulated ? ['SIMULATED'] : []),
    ...(complete ? [] : ['PARTIAL']),
    `Live check of ${plural(targets.length, 'route')}`,
  ].join(' · ');
}

export const bannerWords = ({ simulated, complete }: Measurements): readonly string[] => [
  ...(simulated ? [SIMULATED_WORDS] : []),
  ...(complete ? [] : [PARTIAL_WORDS]),
];

/** The run in one line. */
export const runWords = ({ started_at, ended_at, rounds, evidence }: Measurements): string =>
  `${instantWords(started_at)} to ${ended_at.slice(11, 19)} UTC · ${plural(evidence.length, 'call')} · ${plural(rounds, 'round')} of the checks that compare`;

export const instantWords = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 19)}`;

export function answerWords({ standings, targets }: Comparison): string {
  if (targets.length === 0) return 'No route was called';
  const failing = standings.filter(({ unmet }) => unmet.length > 0);
  const passing = targets.length - failing.length;
  if (failing.length === 0)
    return targets.length === 1
      ? `${targets[0]!.id} passes what is required`
      : `${targets.length === 2 ? 'Both' : `All ${number(targets.length)}`} routes pass what is required`;
  return `${number(passing)} of ${plural(targets.length, 'route')} ${passing === 1 ? 'passes' : 'pass'} what is required`;
}

export function standingWords({ target, counts, unmet }: Standing): string {
  const parts = [
    `${counts.pass} passed`,
    ...(counts.fail === 0 ? [] : [`${counts.fail} failed`]),
    ...(counts.not_supported === 0 ? [] : [`${counts.not_supported} not supported`]),
    ...(counts.not_run === 0 ? [] : [`${counts.not_run} not run`]),
  ];
  const missing =
    unmet.length === 0
      ? ''
      : `; required and not met: ${listed(unmet.map(({ check }) => checkWords(check).toLowerCase().replace('json', 'JSON')))}`;
  return `${target.id}: ${parts.join(', ')}${missing}`;
}

/** Whole milliseconds from 10 on. */
export function ms(value: number): string {
  const magnitude = Math.abs(value);
  return `${number(magnitude >= 10 ? Math.round(value) : Number(value.toFixed(magnitude >= 1 ? 1 : 2)))} ms`;
}

/** Small amounts with four digits: $0.00713. */
export const money = (usd: number): string => quantityWords(usd, 'USD');

/** Three digits, and none below a thousandth of a per cent: 5.5%, 12.3%. */
export const percent = (fraction: number): string => share(Number(Number(fraction.toPrecision(3)).toFixed(5)));

/** Differences of shares are told in percentage points, ratios in per cent. */
function shown(quantity: QuantityId, value: number): string {
  if (quantity === 'added_first_token_ms' || quantity === 'added_total_ms') return ms(value);
  const text = percent(value - neutralOf(quantity));
  return quantity === 'error_fraction' || quantity === 'cache_read_fraction' ? text.replace('%', ' points') : text;
}

/** `19 to 65 ms`: the unit once; one value where both are the same. */
function range(low: string, high: string): string {
  if (low === high) return low;
  const unit = /[^\d.,]*$/.exec(high)?.[0] ?? '';
  return `${unit !== '' && low.endsWith(unit) ? low.slice(0, -unit.length) : low} to ${high}`;
}

/** `+38 ms`, `+5.5%`, `−88 points`. */
export function differenceValue({ quantity, value }: Pick<Difference, 'quantity' | 'value'>): string {
  const text = shown(quantity, value);
  return value > neutralOf(quantity) && /[1-9]/.test(text) ? `+${text}` : text;
}

export const intervalWords = ({ quantity, interval }: Pick<Difference, 'quantity' | 'interval'>): string =>
  interval === null ? 'too few samples' : range(shown(quantity, interval.low), shown(quantity, interval.high));

/** `+38 ms (34 to 43 ms)`; an interval that is no more than the value is not said again. */
export function differenceWithin(one: Pick<Difference, 'quantity' | 'value' | 'interval'>): string {
  const [value, within] = [differenceValue(one), intervalWords(one)];
  return within === shown(one.quantity, one.value) ? value : `${value} (${within})`;
}

/** What the target and the baseline show on their own. */
export const levelWords = (quantity: QuantityId, value: number | null): string =>
  value === null
    ? '–'
    : quantity === 'added_first_token_ms' || quantity === 'added_total_ms'
      ? ms(value)
      : percent(value);

/** `adds 38 ms to the first token (34 to 43 ms, 95%)`: what follows the target's name. Of what can be told from none. */
export function differenceClause(difference: Difference, baseline: string): string {
  const { quantity, value, interval } = difference;
  const [own, theirs] = [percent(difference.own ?? 0), percent(difference.baseline ?? 0)];
  const none = neutralOf(quantity);
  const isMore = value > none;
  const size = shown(quantity, none + Math.abs(value - none));
  const within = interval === null ? '' : unsigned(difference, isMore);
  const sure = within === '' || within === size ? '' : ` (${within}, ${percent(interval!.level)})`;
  switch (quantity) {
    case 'added_first_token_ms':
    case 'added_total_ms': {
      const what = quantity === 'added_first_token_ms' ? 'first token' : 'whole answer';
      return isMore ? `adds ${size} to the ${what}${sure}` : `is ${size} quicker to the ${what}${sure}`;
    }
    case 'error_fraction':
      return `fails in ${own} of calls, ${baseline} in ${theirs}`;
    case 'billed_tokens_ratio':
      return `bills ${size} ${isMore ? 'more' : 'fewer'} prompt tokens${sure}`;
    case 'markup_fraction':
      return `costs ${size} ${isMore ? 'more' : 'less'} than the price book says${sure}`;
    case 'cache_read_fraction':
      return `reads ${own} of a repeated prompt from cache, ${baseline} ${theirs}`;
  }
}

/** In the direction of the clause: `34 to 43 ms` quicker, not minus. */
function unsigned({ quantity, interval }: Difference, isMore: boolean): string {
  const { low, high } = interval!;
  const none = neutralOf(quantity);
  const [from, until] = isMore ? [low, high] : [2 * none - high, 2 * none - low];
  return range(shown(quantity, from), shown(quantity, until));
}

const OPEN_WORDS: Record<QuantityId, string> = {
  added_first_token_ms: 'time to the first token',
  added_total_ms: 'time to the whole answer',
  error_fraction: 'share of failed calls',
  billed_tokens_ratio: 'billed prompt tokens',
  markup_fraction: 'price',
  cache_read_fraction: 'reads from cache',
};

/** What differs, what the calls leave open, and what is the same: up to three sentences a target. */
export function differenceSentences({ differences, targets, baseline }: Comparison): readonly string[] {
  const against = baseline?.id ?? 'the baseline';
  return targets.flatMap(({ id }) => {
    const own = differences.filter(({ target }) => target === id);
    const these = (side: 'open' | 'none'): Difference[] =>
      own.filter((one) => one.quantity !== 'markup_fraction' && tellable(one) === side);
    const clauses = own
      .filter((one) => tellable(one) === 'differs')
      .map((one) => differenceClause(one, against))
      .concat(own.filter((one) => one.quantity === 'markup_fraction' && tellable(one) !== 'differs').map(priceClause));
    const open = these('open').map((one) => `${OPEN_WORDS[one.quantity]} (${intervalWords(one)})`);
    const same = these('none').map(({ quantity }) => OPEN_WORDS[quantity]);
    const sentences = [
      ...(clauses.length === 0 ? [] : [`${id} ${clauses.join(', ')}.`]),
      ...(open.length === 0 ? [] : [`The calls can’t tell ${id} from ${against} in ${listed(open)}.`]),
      ...(same.length === 0 ? [] : [`The same: ${listed(same)}.`]),
    ];
    return sentences.length === 0 ? [] : [sentences.join(' ')];
  });
}

const priceClause = (one: Difference): string =>
  tellable(one) === 'none'
    ? 'costs what the price book says'
    : `can’t be told from the price book in its cost (${intervalWords(one)}, ${percent(one.interval!.level)})`;

/** What rounds to nothing is none. */
function tellable(one: Difference): 'differs' | 'open' | 'none' {
  const side = sideOf(one);
  if (side === 'open') return 'open';
  return side === 'none' || !/[1-9]/.test(shown(one.quantity, one.value)) ? 'none' : 'differs';
}

export function figureWords({ value, unit }: Pick<Figure, 'value' | 'unit'>): string {
  if (value === null) return 'not known';
  if (unit === 'ms') return ms(value);
  if (unit === 'fraction') return percent(value);
  if (unit === 'USD') return money(value);
  return unit === '1' ? number(value) : `${number(value)} ${unit}`;
}

export const figureInterval = ({ interval, unit }: Pick<Figure, 'interval' | 'unit'>): string =>
  interval === null
    ? '–'
    : range(figureWords({ value: interval.low, unit }), figureWords({ value: interval.high, unit }));

/** `401 application/json: error.code, error.message`. */
export const shapeWords = ({ status, content_type, members }: ErrorShape): string =>
  `${status ?? 'no answer'}${content_type === null ? '' : ` ${content_type}`}: ${members === null ? 'no JSON object' : members.join(', ') || 'empty object'}`;

export function spentWords({ spent, cap_usd }: Measurements): string {
  const open =
    spent.at_most_usd > spent.usd ? `, at most ${money(spent.at_most_usd)} with calls whose cost is not known` : '';
  return `Spent ${money(spent.usd)}${open}, of a cap of ${money(cap_usd)}.`;
}

/** What costs were computed with. */
export const priceBookWords = ({ price_book_sha256, started_at }: Measurements): string =>
  `Costs were computed with price book ${price_book_sha256.slice(0, 12)}… as of ${started_at.slice(0, 10)}, the day of the run.`;

/** `openai/gpt-4o-mini: read on 2026-11-01, 20 days before the run`: one for each price that costs were computed from. */
export const usedPriceWords = (found: Measurements): readonly string[] =>
  found.prices.map((one) => `${one.seller}/${one.model}: ${ageWords(one)}`);

/** The age of the price of a route's model; undefined: none of its costs was computed, or the file does not say. */
export function priceAgeWords({ prices }: Measurements, { priced_as }: MeasuredTarget): string | undefined {
  const found = prices.find(({ seller, model }) => seller === priced_as?.seller && model === priced_as?.model);
  return found && ageWords(found);
}

function ageWords({ as_of, age_days, source }: UsedPrice): string {
  if (as_of === null || age_days === null) return `${source}; it has no date`;
  const stale = age_days > STALE_AFTER_DAYS ? `, more than the ${STALE_AFTER_DAYS} after which prices are doubted` : '';
  const when =
    age_days === 0
      ? 'the day of the run'
      : `${plural(Math.abs(age_days), 'day')} ${age_days < 0 ? 'after' : 'before'} the run`;
  return `read on ${as_of}, ${when}${stale}`;
}

export interface NotRun {
  readonly target: string;
  /** `Latency, Streaming (required)`. */
  readonly checks: string;
  readonly seen: string;
}

/** Checks that were not run, those of one route with one reason in one line. */
export function notRunGroups(findings: readonly Finding[]): readonly NotRun[] {
  const groups = new Map<string, Finding[]>();
  for (const one of findings) {
    const key = JSON.stringify([one.target, one.seen]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group) => ({
    target: group[0]!.target,
    checks: group.map(({ check, required }) => `${checkWords(check)}${required ? ' (required)' : ''}`).join(', '),
    seen: group[0]!.seen,
  }));
}

/** Text of at most so many characters. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
