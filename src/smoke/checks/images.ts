/** Whether an image is made. Only where it is asked for by name: one image costs more than all other checks together. */

import type { TargetCheck } from '../check.ts';
import type { Asked } from '../dialect.ts';
import { askPatiently } from '../judging/patience.ts';
import { mostTokens } from '../judging/token-bounds.ts';
import { fail, pass, unanswered } from '../judging/verdicts.ts';

const PROMPT = 'A red lighthouse on a grey rock, flat colours.';
/** Output tokens of the dearest 1024 x 1024 image (gpt-image-1 at high quality has 4,160). */
const ASKED: Asked = { operation: 'images', prompt: PROMPT, prompt_tokens: mostTokens(PROMPT), output_tokens: 4200 };

export const images: TargetCheck = {
  id: 'images',
  asks: 'one image, where an images model is named',
  byDefault: false,
  plan: () => [ASKED],
  run: async (probe) => {
    const seen = await askPatiently(probe, ASKED);
    const refusal = unanswered(seen, probe.target, 'images');
    if (refusal !== undefined) return refusal;
    const { images: count } = seen.told;
    return count === 1 ? pass('one image came', seen) : fail(`expected one image, seen: ${count}`, seen);
  },
};
