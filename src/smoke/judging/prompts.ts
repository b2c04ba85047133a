/** Chat requests of the suite, with their bounds filled in, and the ones that several checks ask. */
import type { Asked, AskedTool } from '../dialect.ts';
import { mostTokens } from './token-bounds.ts';

export type AskedChat = Extract<Asked, { operation: 'chat' }>;

export function chat(
  prompt: string,
  output_tokens: number,
  more: Partial<Omit<AskedChat, 'operation' | 'prompt' | 'prompt_tokens' | 'output_tokens'>> = {},
): AskedChat {
  const frame = [more.system ?? '', ...(more.tools ?? []).map((tool) => JSON.stringify(tool))];
  if (typeof more.format === 'object') frame.push(JSON.stringify(more.format));
  return { operation: 'chat', prompt, prompt_tokens: mostTokens(prompt, ...frame), output_tokens, ...more };
}

export const SAY_OK = chat('Reply with the single word OK.', 16);
/** Longer than any answer that is let be. */
export const COUNT_PROMPT = 'Count from 1 to 300 in words, one number a line, without leaving any out.';

/** Nothing that a sound API takes, at no cost: parsed, and refused for the value. */
export const TOO_HOT = chat('Reply with the single word OK.', 16, { temperature: 99 });

const WEATHER: AskedTool = {
  name: 'get_weather',
  description: 'The weather in a city at this moment',
  parameters: {
    type: 'object',
    properties: {
      city: { type: 'string', description: 'Name of the city' },
      unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
    },
    required: ['city', 'unit'],
    additionalProperties: false,
  },
};
export const TOOL = WEATHER;
export const CALL_TOOL = chat('Call the tool get_weather for Paris in celsius. Do not answer in words.', 300, {
  tools: [WEATHER],
});
