/** The recommendation in words: what to do, why, and the nearest conditions under which the answer changes. */
import type { Recommendation } from '../analysis/recommendation.ts';
import type { Evaluation } from '../evaluate.ts';
import { quotedLabel } from '../input-words.ts';
import { searchedFor } from './answer.ts';
import { driverInWords } from './build-break-even.ts';
import type { Report, ReportBreakEven, ReportStrategy } from './contract.ts';
import { inputValue, type Tornado, type TornadoBar } from './driver-words.ts';
import { listed } from './format.ts';
import { reasonsOf } from './recommendation-words.ts';
import { driverValue } from './words.ts';

export function recommendationOf(
  found: Recommendation | undefined,
  strategies: readonly ReportStrategy[],
  breakEven: readonly ReportBreakEven[],
  { question }: Evaluation,
  tornado: Tornado | null,
): Report['recommendation'] {
  if (found === undefined) {
    const unpriced = strategies
      .filter((one) => one.npv_usd === null && one.excluded === undefined && one.unranked === undefined)
      .map((one) => one.id);
    const reason =
      unpriced.length > 0
        ? `Part of the traffic has no price in ${listed(unpriced)}; what is unknown could be the cheapest. Add the price under \`prices:\`, or set \`accept_unpriced: true\` to rank without it.`
        : 'Constraints exclude every strategy.';
    return {
      strategy: null,
      saving_usd: null,
      versus: null,
      reasons: [reason],
      would_change_if: [],
      cash_only_strategy: null,
    };
  }
  const chosen = strategies.find(({ id }) => id === found.strategy)!;
  return {
    strategy: found.strategy,
    saving_usd: found.saving_usd,
    versus: found.versus,
    reasons: [...reasonsOf(found, strategies, question.scenario.materiality), ...searchedFor(chosen)],
    would_change_if:
      found.versus === null
        ? ['nothing: there is no other strategy to compare it with.']
        : firstThatSays(changes(found.strategy, breakEven, question.scenario.start), flips(found.strategy, tornado)),
    cash_only_strategy: found.cash_only_strategy,
  };
}

/** Per driver, the crossing nearest to the scenario's own value at which some other strategy gets cheaper. */
function changes(chosen: string, breakEven: readonly ReportBreakEven[], start: string): string[] {
  const candidates = breakEven
    .filter((entry) => entry.driver !== 'month' && (entry.a === chosen || entry.b === chosen))
    .flatMap((entry) =>
      entry.crossings.flatMap((crossing) => {
        const isUp = crossing.value > entry.at;
        const winner = isUp ? crossing.cheaper_above : crossing.cheaper_below;
        if (winner === undefined || winner === chosen) return [];
        const distance = Math.abs(Math.log(Math.max(crossing.value, 1e-9) / Math.max(entry.at, 1e-9)));
        return { entry, value: crossing.value, winner, isUp, distance };
      }),
    );
  return (['volume', 'markup', 'hourly_rate'] as const).flatMap((driver) => {
    const nearest = candidates
      .filter(({ entry }) => entry.driver === driver)
      .sort((a, b) => a.distance - b.distance)[0];
    if (nearest === undefined) return [];
    const { entry, value, winner, isUp } = nearest;
    return `${SUBJECT[driver]} ${isUp ? 'rises above' : 'falls below'} ${driverInWords(driver, entry.unit, value, start, entry.subjects)} (now ${driverValue(start, driver, entry.unit, entry.at)}): then ${winner}.`;
  });
}

/** Uncertain inputs, the widest first, that alone and within their own likely range make another strategy the cheapest. */
const flips = (chosen: string, tornado: Tornado | null): string[] =>
  (tornado?.strategy === chosen ? tornado.bars : [])
    .flatMap((bar) => [bar.low, bar.high].flatMap((end) => flip(chosen, bar, end)))
    .slice(0, MOST_FLIPS);

function flip(
  chosen: string,
  { path, unit, central }: TornadoBar,
  { flips_at, flips_to }: TornadoBar['low'],
): string[] {
  if (flips_at === null || flips_to === null || flips_to === chosen) return [];
  const way = flips_at < central ? 'falls below' : 'rises above';
  return [
    `${quotedLabel(path)} ${way} ${inputValue(flips_at, unit)} (now ${inputValue(central, unit)}): then ${flips_to}.`,
  ];
}

/** Three lines are read on a first screen. */
const MOST_FLIPS = 3;

const firstThatSays = (...found: readonly string[][]): string[] =>
  found.find((sentences) => sentences.length > 0) ?? [
    'nothing in the ranges searched: no volume, markup or hourly rate makes another strategy cheaper.',
  ];

const SUBJECT = { volume: 'the volume', markup: 'the gateway’s price', hourly_rate: 'the loaded hourly rate' } as const;
