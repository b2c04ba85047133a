/**
 * Whether a long prefix that is sent again is read from the prompt cache, is told, and costs less: a prefix of this run's own
 * (1,600 tokens and more; 4,500 of the messages API, whose models cache no less), sent twice, and once more if need be.
 *
 *   cache_read_fraction     cached tokens told / prompt tokens, of the best call after the first
 *   cached_price_fraction   price of a cached token / of a fresh one, from costs told; answers of a few tokens count as none
 *
 * Fails where the baseline tells cached tokens and this one none, and where cached tokens are told and less than half of the
 * discount of the price book reaches the cost that is told. A cache that nobody tells of is not_supported. Costs that have
 * to be looked up are not asked for here.
 */
import { promptTokens } from '../../meters.ts';
import type { PairedCheck, Seen } from '../check.ts';
import { COUNTED_PROMPTS } from '../judging/counted-prompts.ts';
import { counted } from '../judging/figures.ts';
import { askPatiently } from '../judging/patience.ts';
import { type AskedChat, chat } from '../judging/prompts.ts';
import { fail, isOk, notSupported, pass, shareInWords, unanswered } from '../judging/verdicts.ts';
import type { Target } from '../target.ts';

const WAITS_MS = [1000, 3000];
const LEAST_PASSED_ON = 0.5;

function askedOf({ api }: Target, luck: number): AskedChat {
  const paragraphs = Array.from(
    { length: api === 'anthropic' ? 28 : 10 },
    (_, i) => `${i}. ${COUNTED_PROMPTS[0]!.text}`,
  );
  const system = `Run ${luck.toFixed(12)}.\n${paragraphs.join('\n')}`;
  return chat('Reply with the single word OK.', 16, { system, isCached: true });
}

const cached = (seen: Seen | undefined): number => seen?.told.counts?.cache_read_tokens ?? 0;
const warmest = (calls: readonly Seen[]): Seen | undefined =>
  calls.slice(1).reduce<Seen | undefined>((best, one) => (cached(one) > cached(best) ? one : (best ?? one)), undefined);

export const promptCache: PairedCheck = {
  id: 'prompt_cache',
  asks: 'a long prefix, twice or three times',
  byDefault: true,
  rounds: () => 1,
  plan: (target) => [0, ...WAITS_MS].map(() => askedOf(target, 0.5)),
  round: async (probe) => {
    const asked = askedOf(probe.target, probe.random());
    const calls = [await askPatiently(probe, asked)];
    for (const wait_ms of WAITS_MS) {
      if (!isOk(calls.at(-1)!) || cached(warmest(calls)) > 0) break;
      await probe.wait(wait_ms);
      calls.push(await askPatiently(probe, asked));
    }
    return calls;
  },
  judge: (own, baseline, target) => {
    const calls = own.flat();
    const refused = calls.find((one) => !isOk(one));
    if (refused !== undefined) return unanswered(refused, target, undefined, calls)!;
    const warm = warmest(calls);
    const counts = warm?.told.counts;
    const theirs = cached(warmest(baseline?.flat() ?? []));
    if (counts === undefined || cached(warm) === 0)
      return theirs > 0
        ? fail(`expected cached tokens as at the baseline (${theirs}), seen: none`, calls)
        : notSupported(`no cached tokens are told for a prefix that was sent ${calls.length} times`, calls);
    const fraction = cached(warm) / promptTokens(counts);
    const price = cachedPrice(calls[0]!, warm!);
    const figures = [
      counted('cache_read_fraction', 'fraction', fraction, 1, 'cached tokens told / prompt tokens'),
      ...(price === undefined
        ? []
        : [
            counted(
              'cached_price_fraction',
              'fraction',
              price,
              1,
              'price of a cached token / of a fresh one, from costs told',
            ),
          ]),
    ];
    const words = `${cached(warm)} of ${promptTokens(counts)} prompt tokens (${shareInWords(fraction)}) are told as cached`;
    const passed = passedOn(calls[0]!, warm!);
    if (passed !== undefined && passed < LEAST_PASSED_ON)
      return fail(
        `${words}, but ${shareInWords(passed)} of their discount reaches the cost that is told; expected all`,
        calls,
        figures,
      );
    return pass(
      passed === undefined ? words : `${words}; ${shareInWords(passed)} of their discount reaches the cost`,
      calls,
      figures,
    );
  },
};

/** Undefined where costs are not told, or the first call paid for writing the cache. */
function cachedPrice(cold: Seen, warm: Seen): number | undefined {
  const [before, after] = [cold.told, warm.told];
  if (before.reported_usd === undefined || after.reported_usd === undefined || before.counts === undefined)
    return undefined;
  const { cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens } = before.counts;
  const all = promptTokens(before.counts);
  if (cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens > 0 || before.reported_usd === 0)
    return undefined;
  return 1 + ((after.reported_usd / before.reported_usd - 1) * all) / cached(warm);
}

/** Share of the book's discount that the told cost shows; undefined where it can't be known. */
function passedOn(cold: Seen, warm: Seen): number | undefined {
  const [before, after] = [cold.told.reported_usd, warm.told.reported_usd];
  if (!before || after === undefined || !cold.computed_usd || warm.computed_usd === undefined) return undefined;
  const expected = 1 - warm.computed_usd / cold.computed_usd;
  return expected < 0.05 ? undefined : (1 - after / before) / expected;
}
