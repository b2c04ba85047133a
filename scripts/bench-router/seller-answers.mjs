/**
 * What the seller of the benchmark says, as bytes made once: a chat answer of 640 to 715 bytes, a stream of 21 chunks, and
 * what is asked of it, some 220 bytes. The model's name says how: `m-50` answers after 50 ms, `s-20` streams with 20 ms
 * between two chunks (the first token comes with the role), `big-256` streams 256 MiB as fast as they are taken.
 */
const STREAMED_CHUNKS = 21;
const TEXT =
  'The toll is worth paying while traffic is small and the team would have to build retries, budgets, keys and an audit of ' +
  'costs by itself; beyond that the markup on tokens grows with volume and the work does not.';
const USAGE = { prompt_tokens: 46, completion_tokens: 42, total_tokens: 88 };
const CREATED = 1_767_225_600;

export const requestBody = (model, more = {}) =>
  JSON.stringify({
    model,
    messages: [
      { role: 'system', content: 'Answer in two sentences.' },
      { role: 'user', content: 'Is a gateway worth its toll for a team that asks fifty thousand times a month?' },
    ],
    temperature: 0.2,
    max_tokens: 200,
    ...more,
  });

export const jsonAnswer = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-bench0000000000000000000001',
    object: 'chat.completion',
    created: CREATED,
    model: 'bench',
    choices: [
      { index: 0, message: { role: 'assistant', content: TEXT, refusal: null }, logprobs: null, finish_reason: 'stop' },
    ],
    usage: {
      ...USAGE,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    },
    service_tier: 'default',
  }),
);

const event = (choices, more = {}) =>
  Buffer.from(
    `data: ${JSON.stringify({
      id: 'chatcmpl-bench0000000000000000000001',
      object: 'chat.completion.chunk',
      created: CREATED,
      model: 'bench',
      choices,
      ...more,
    })}\n\n`,
  );
const delta = (given, finish_reason = null) => event([{ index: 0, delta: given, logprobs: null, finish_reason }]);

const words = TEXT.split(/(?<= )/);
export const streamedChunks = [
  delta({ role: 'assistant', content: '' }),
  ...words.slice(0, STREAMED_CHUNKS - 2).map((content) => delta({ content })),
  delta({}, 'stop'),
];
/** Sent in addition where it was asked for. */
export const usageChunk = event([], { usage: USAGE });
export const done = Buffer.from('data: [DONE]\n\n');

/** An event of 64 KiB. */
export const bigChunk = delta({ content: 'x'.repeat(65_536 - 200) });
