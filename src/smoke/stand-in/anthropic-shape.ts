/** Answers in the shape of Anthropic's messages API, whole and as events. */
import { costOf, endOf, type Made, textOfMade } from './made.ts';
import type { StandInModel } from './models.ts';
import { event, type Piece } from './script.ts';

function usageOf(made: Made, output_tokens: number): object {
  const { input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens } = made.counts;
  return {
    input_tokens,
    cache_creation_input_tokens: cache_write_5m_tokens + cache_write_1h_tokens,
    cache_read_input_tokens: cache_read_tokens,
    cache_creation: {
      ephemeral_5m_input_tokens: cache_write_5m_tokens,
      ephemeral_1h_input_tokens: cache_write_1h_tokens,
    },
    output_tokens,
    service_tier: 'standard',
  };
}

const stopOf = ({ words }: Made): string => (words.isShortened ? 'max_tokens' : words.isTool ? 'tool_use' : 'end_turn');

const factsOf = ({ id, wanted }: Made): object => ({
  id,
  type: 'message',
  role: 'assistant',
  model: wanted.model.snapshot,
});

/** Arguments that were cut short are no JSON; as an object they are empty. */
const inputOf = (made: Made): unknown => (made.words.isShortened ? {} : JSON.parse(textOfMade(made)));

export function message(made: Made): object {
  const { id, wanted, words, counts } = made;
  const block = words.isTool
    ? { type: 'tool_use', id: `toolu_${id}`, name: wanted.tool?.name, input: inputOf(made) }
    : { type: 'text', text: textOfMade(made) };
  return {
    ...factsOf(made),
    content: [block],
    stop_reason: stopOf(made),
    stop_sequence: null,
    usage: { ...usageOf(made, counts.output_tokens), ...costOf(made) },
  };
}

export function messageEvents(made: Made): readonly Piece[] {
  const { id, wanted, words, times_ms, counts } = made;
  const first = times_ms[0] ?? 0;
  const end = endOf(made);
  const of = (at_ms: number, data: { readonly type: string; readonly [member: string]: unknown }): Piece =>
    event(at_ms, data, data.type);
  const block = words.isTool
    ? { type: 'tool_use', id: `toolu_${id}`, name: wanted.tool?.name, input: {} }
    : { type: 'text', text: '' };
  const start = { ...factsOf(made), content: [], stop_reason: null, stop_sequence: null, usage: usageOf(made, 1) };
  const delta = (piece: string): object =>
    words.isTool ? { type: 'input_json_delta', partial_json: piece } : { type: 'text_delta', text: piece };
  const events = [
    of(first, { type: 'message_start', message: start }),
    of(first, { type: 'content_block_start', index: 0, content_block: block }),
    ...words.pieces.map((piece, i) => of(times_ms[i]!, { type: 'content_block_delta', index: 0, delta: delta(piece) })),
    of(end, { type: 'content_block_stop', index: 0 }),
    of(end, {
      type: 'message_delta',
      delta: { stop_reason: stopOf(made), stop_sequence: null },
      usage: { output_tokens: counts.output_tokens, ...costOf(made) },
    }),
    of(end, { type: 'message_stop' }),
  ];
  return events;
}

export const anthropicModels = (models: readonly StandInModel[]): object => ({
  data: models.map(({ name, snapshot }) => ({ type: 'model', id: name, display_name: snapshot })),
  has_more: false,
  first_id: models[0]?.name ?? null,
  last_id: models.at(-1)?.name ?? null,
});
