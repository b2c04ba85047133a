/**
 * Which model answered: its name as told, the date of its snapshot, what headers say of its end. Another model than the one
 * that was asked for, by family, version or size, is a failure; a difference in other words is noted.
 */
import type { TargetCheck } from '../check.ts';
import { likeness, snapshotOf } from '../judging/model-names.ts';
import { askPatiently } from '../judging/patience.ts';
import { SAY_OK } from '../judging/prompts.ts';
import { fail, isOk, nameInWords, notSupported, pass, unanswered } from '../judging/verdicts.ts';

export const modelSnapshot: TargetCheck = {
  id: 'model_snapshot',
  asks: 'a chat of a few tokens',
  byDefault: true,
  plan: () => [SAY_OK],
  run: async (probe) => {
    const { model, priced_as } = probe.target;
    const seen = await askPatiently(probe, SAY_OK);
    if (!isOk(seen)) return unanswered(seen, probe.target)!;
    const { model: told } = seen.told;
    if (told === undefined) return notSupported('answers name no model', seen);
    const found = [model, ...(priced_as === undefined ? [] : [priced_as.model])].map((name) => likeness(name, told));
    const words = `asked for ${nameInWords(model)}, told ${nameInWords(told)}`;
    if (found.every((one) => one === 'other'))
      return fail(`expected ${nameInWords(model)}, seen: ${nameInWords(told)}`, seen);
    const date = snapshotOf(told);
    const { deprecation, sunset } = seen.exchange.headers;
    const notes = [
      ...(found.includes('same') ? [] : ['the names differ in more than a date']),
      date === undefined ? 'no date of a snapshot' : `snapshot ${date}`,
      ...(deprecation === undefined ? [] : [`deprecation: ${nameInWords(String(deprecation))}`]),
      ...(sunset === undefined ? [] : [`sunset: ${nameInWords(String(sunset))}`]),
    ];
    return pass(`${words}; ${notes.join('; ')}`, seen);
  },
};
