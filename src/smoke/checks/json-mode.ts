/** Whether JSON mode gives JSON: an object and nothing around it. */
import { isObject } from '../../router/reported-usage.ts';
import type { TargetCheck } from '../check.ts';
import { jsonOf } from '../judging/json-text.ts';
import { askPatiently } from '../judging/patience.ts';
import { chat } from '../judging/prompts.ts';
import { fail, notRun, pass, unanswered } from '../judging/verdicts.ts';

const ASKED = chat('Reply with a JSON object that has the members city and country, for Paris.', 200, {
  format: 'json',
});

export const jsonMode: TargetCheck = {
  id: 'json_mode',
  asks: 'an answer in JSON mode',
  byDefault: true,
  plan: () => [ASKED],
  run: async (probe) => {
    const seen = await askPatiently(probe, ASKED);
    const refusal = unanswered(seen, probe.target, 'json_mode');
    if (refusal !== undefined) return refusal;
    const read = jsonOf(seen.told);
    if (read === 'limited') return notRun('the limit of the answer was used up', seen);
    if (read === 'none') return fail('expected a JSON object and nothing else, seen: text that is no JSON', seen);
    return isObject(read.value)
      ? pass('the answer is a JSON object', seen)
      : fail('expected a JSON object, seen: JSON that is none', seen);
  },
};
