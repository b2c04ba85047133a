/**
 * Whether prompt tokens are counted right: three prompts of known tokens, one to three rounds, over all targets in turn.
 *
 *   told = the baseline's, to the token, where both name the same model
 *   told = tokenizer's count + 3 to 12 for the chat's frame, where the model's tokenizer is known
 *   billed_tokens_ratio = sum of prompt tokens told / of the baseline's
 *
 * Tokens of answers are not judged: two answers to one prompt need not be the same.
 */
import { ratioInterval } from '../../measurements/intervals.ts';
import { promptTokens } from '../../meters.ts';
import type { PairedCheck, Seen } from '../check.ts';
import { COUNTED_PROMPTS, FRAME_TOKENS } from '../judging/counted-prompts.ts';
import { estimated } from '../judging/figures.ts';
import { likeness, tokenizerOf } from '../judging/model-names.ts';
import { askPatiently } from '../judging/patience.ts';
import { chat } from '../judging/prompts.ts';
import { fail, isOk, pass, unanswered } from '../judging/verdicts.ts';
import type { Target } from '../target.ts';

const MOST_ROUNDS = 3;
const ASKED = COUNTED_PROMPTS.map(({ text }) => chat(text, 16));

type Rounds = readonly (readonly Seen[])[];
const toldTokens = (seen: Seen | undefined): number | undefined =>
  seen?.told.counts === undefined || !isOk(seen) ? undefined : promptTokens(seen.told.counts);

export const usageAccounting: PairedCheck = {
  id: 'usage_accounting',
  asks: 'three prompts of known tokens a round, at most three rounds',
  byDefault: true,
  rounds: (asked) => Math.min(asked, MOST_ROUNDS),
  plan: () => ASKED,
  round: async (probe) => {
    const seen: Seen[] = [];
    for (const asked of ASKED) seen.push(await askPatiently(probe, asked));
    return seen;
  },
  judge: (own, baseline, target) => {
    const calls = own.flat();
    const refused = calls.find((one) => !isOk(one));
    if (refused !== undefined) return unanswered(refused, target, undefined, calls)!;
    const figures = estimated(
      'billed_tokens_ratio',
      '1',
      baseline && ratioInterval(inOrder(own), inOrder(baseline)),
      'prompt tokens told, sum over the same prompts / the baseline’s',
    );
    const tokens = COUNTED_PROMPTS.map((_, i) => own.map((round) => toldTokens(round[i])));
    if (tokens.flat().includes(undefined)) return fail('expected usage with every answer, seen: none', calls, figures);
    const told = COUNTED_PROMPTS.map(({ name }, i) => `${name} ${tokens[i]![0]}`).join(', ');
    const wrong = [...changed(tokens), ...againstBaseline(own, baseline), ...againstTokenizer(own, target)];
    return wrong.length > 0
      ? fail(wrong.join('; '), calls, figures)
      : pass(`prompt tokens told: ${told}${grounds(own, baseline, target)}`, calls, figures);
  },
};

const inOrder = (rounds: Rounds): readonly (number | undefined)[] =>
  rounds.flatMap((round) => COUNTED_PROMPTS.map((_, i) => toldTokens(round[i])));

const changed = (tokens: readonly (readonly (number | undefined)[])[]): string[] =>
  tokens.flatMap((counts, i) =>
    new Set(counts).size <= 1
      ? []
      : [
          `the ${COUNTED_PROMPTS[i]!.name} prompt counts ${[...new Set(counts)].join(', ')} tokens, expected the same each time`,
        ],
  );

/** Undefined: nothing to hold it against. */
function sameModel(own: Rounds, baseline: Rounds | undefined): boolean {
  const [mine, theirs] = [own[0]?.[0]?.told.model, baseline?.[0]?.[0]?.told.model];
  return mine !== undefined && theirs !== undefined && likeness(mine, theirs) === 'same';
}

function againstBaseline(own: Rounds, baseline: Rounds | undefined): string[] {
  if (baseline === undefined || !sameModel(own, baseline)) return [];
  return COUNTED_PROMPTS.flatMap(({ name }, i) => {
    const [mine, theirs] = [toldTokens(own[0]?.[i]), toldTokens(baseline[0]?.[i])];
    return theirs === undefined || mine === theirs
      ? []
      : [`the ${name} prompt counts ${mine} tokens, expected the baseline’s ${theirs}`];
  });
}

const tokenizerOfTarget = (own: Rounds, { model, priced_as }: Target) =>
  tokenizerOf(own[0]?.[0]?.told.model ?? priced_as?.model ?? model);

function againstTokenizer(own: Rounds, target: Target): string[] {
  const tokenizer = tokenizerOfTarget(own, target);
  if (tokenizer === undefined) return [];
  return COUNTED_PROMPTS.flatMap(({ name, tokens }, i) => {
    const [least, most] = [tokens[tokenizer] + FRAME_TOKENS.least, tokens[tokenizer] + FRAME_TOKENS.most];
    const told = toldTokens(own[0]?.[i]) ?? 0;
    return told >= least && told <= most
      ? []
      : [`the ${name} prompt counts ${told} tokens, expected ${least} to ${most} (${tokenizer})`];
  });
}

function grounds(own: Rounds, baseline: Rounds | undefined, target: Target): string {
  const tokenizer = tokenizerOfTarget(own, target);
  const held = [
    ...(sameModel(own, baseline) ? ['equal to the baseline’s'] : []),
    ...(tokenizer === undefined ? [] : [`right by ${tokenizer}`]),
  ];
  return held.length === 0
    ? '; held against nothing: neither a baseline nor its tokenizer is known'
    : `; ${held.join(', ')}`;
}
