/** Whether texts become vectors: one each, of one length, all numbers, not all the same, with usage. */
import { promptTokens } from '../../meters.ts';
import type { TargetCheck } from '../check.ts';
import type { Asked } from '../dialect.ts';
import { askPatiently } from '../judging/patience.ts';
import { mostTokens } from '../judging/token-bounds.ts';
import { fail, pass, unanswered } from '../judging/verdicts.ts';

const TEXTS = ['A ship in the harbour.', 'Ein Schiff im Hafen.', 'The price of tea rose again.'];
const ASKED: Asked = { operation: 'embeddings', texts: TEXTS, prompt_tokens: mostTokens(...TEXTS), output_tokens: 0 };

export const embeddings: TargetCheck = {
  id: 'embeddings',
  asks: `vectors of ${TEXTS.length} texts, where an embeddings model is named`,
  byDefault: true,
  plan: () => [ASKED],
  run: async (probe) => {
    const seen = await askPatiently(probe, ASKED);
    const refusal = unanswered(seen, probe.target, 'embeddings');
    if (refusal !== undefined) return refusal;
    const { embeddings: vectors, counts } = seen.told;
    const lengths = [...new Set(vectors.map((vector) => vector.length))];
    const wrong = [
      ...(vectors.length === TEXTS.length ? [] : [`${vectors.length} vectors`]),
      ...(lengths.length <= 1 ? [] : [`lengths ${lengths.join(', ')}`]),
      ...(lengths.includes(0) ? ['a vector without numbers'] : []),
      ...(new Set(vectors.map((vector) => JSON.stringify(vector))).size < vectors.length
        ? ['the same vector for different texts']
        : []),
      ...(counts === undefined || promptTokens(counts) === 0 ? ['no usage'] : []),
    ];
    return wrong.length > 0
      ? fail(`expected ${TEXTS.length} vectors of one length with usage, seen: ${wrong.join('; ')}`, seen)
      : pass(`${vectors.length} vectors of ${lengths[0]} numbers, ${promptTokens(counts!)} tokens`, seen);
  },
};
