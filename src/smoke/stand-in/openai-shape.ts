/** Answers in the shape of OpenAI's API: chat completions whole and in chunks, embeddings, images, models. */
import { substream } from '../../random.ts';
import { costOf, endOf, type Made, textOfMade } from './made.ts';
import type { StandInModel } from './models.ts';
import { event, type Piece } from './script.ts';

const DIMENSIONS = 16;

const usageOf = (made: Made): object => {
  const { input_tokens, cache_read_tokens, output_tokens } = made.counts;
  const prompt_tokens = input_tokens + cache_read_tokens;
  return {
    prompt_tokens,
    completion_tokens: output_tokens,
    total_tokens: prompt_tokens + output_tokens,
    prompt_tokens_details: { cached_tokens: cache_read_tokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    ...costOf(made),
  };
};

const factsOf = ({ id, wanted, created_s }: Made, object: string): object => ({
  id,
  object,
  created: created_s,
  model: wanted.model.snapshot,
  service_tier: 'default',
  system_fingerprint: 'fp_stand_in',
});

const finishOf = ({ words }: Made): string => (words.isShortened ? 'length' : words.isTool ? 'tool_calls' : 'stop');

export function chatCompletion(made: Made): object {
  const { id, wanted, words } = made;
  const text = textOfMade(made);
  const call = { id: `call_${id}`, type: 'function', function: { name: wanted.tool?.name, arguments: text } };
  const message = words.isTool
    ? { role: 'assistant', content: null, tool_calls: [call], refusal: null }
    : { role: 'assistant', content: text, refusal: null };
  return {
    ...factsOf(made, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(made) }],
    usage: usageOf(made),
  };
}

export function chatChunks(made: Made): readonly Piece[] {
  const { id, wanted, words, times_ms } = made;
  const facts = factsOf(made, 'chat.completion.chunk');
  const noUsage = wanted.tellsUsage ? { usage: null } : {};
  const chunk = (at_ms: number, delta: object, finish_reason: string | null = null): Piece =>
    event(at_ms, { ...facts, choices: [{ index: 0, delta, logprobs: null, finish_reason }], ...noUsage });
  const first = times_ms[0] ?? 0;
  const end = endOf(made);
  const called = { index: 0, id: `call_${id}`, type: 'function', function: { name: wanted.tool?.name, arguments: '' } };
  const opening = words.isTool
    ? { role: 'assistant', content: null, tool_calls: [called], refusal: null }
    : { role: 'assistant', content: '', refusal: null };
  return [
    chunk(first, opening),
    ...words.pieces.map((piece, i) =>
      chunk(
        times_ms[i]!,
        words.isTool ? { tool_calls: [{ index: 0, function: { arguments: piece } }] } : { content: piece },
      ),
    ),
    chunk(end, {}, finishOf(made)),
    ...(wanted.tellsUsage ? [event(end, { ...facts, choices: [], usage: usageOf(made) })] : []),
    event(end, '[DONE]'),
  ];
}

/** Vectors of length 1, the same for the same text. */
export function embeddings(made: Made): object {
  const { wanted, counts } = made;
  const usage = { prompt_tokens: counts.input_tokens, total_tokens: counts.input_tokens, ...costOf(made) };
  const data = wanted.texts.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) }));
  return { object: 'list', data, model: wanted.model.snapshot, usage };
}

function vectorOf(text: string): number[] {
  const random = substream(0, text);
  const values = Array.from({ length: DIMENSIONS }, () => random.normal());
  const length = Math.hypot(...values);
  return values.map((value) => Number((value / length).toFixed(8)));
}

/** One pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** Without usage: images are charged by the piece. */
export const images = ({ wanted, created_s }: Made): object => ({
  created: created_s,
  data: Array.from({ length: wanted.images }, () => ({ b64_json: PIXEL })),
});

export const openaiModels = (models: readonly StandInModel[]): object => ({
  object: 'list',
  data: models.map(({ name }) => ({ id: name, object: 'model', created: 1_721_172_717, owned_by: 'stand-in' })),
});
