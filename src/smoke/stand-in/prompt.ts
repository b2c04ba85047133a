/**
 * A prompt as one text, in the order in which sellers cache it: tools, system, messages; and its tokens: 3 for the whole, 4
 * for each message, those of the texts, 85 for each part that is no text.
 */

import { isObject, type JsonObject, objectsOf } from './json-object.ts';
import type { StandInApi } from './spec.ts';
import { tokensOf } from './tokens.ts';

const FOR_ALL = 3;
const FOR_A_MESSAGE = 4;
const FOR_A_PART = 85;

export interface Prompt {
  readonly text: string;
  readonly tokens: number;
  readonly marked: { readonly text: string; readonly isHour: boolean } | undefined;
  readonly last_words: string;
  readonly isToolResult: boolean;
}

export function promptOf(api: StandInApi, body: JsonObject, messages: readonly JsonObject[]): Prompt {
  const prompt = new PromptText();
  for (const tool of objectsOf(body.tools)) prompt.part(JSON.stringify({ ...tool, cache_control: undefined }), tool);
  if (api === 'anthropic') prompt.content(body.system);
  for (const { role, content, tool_calls } of messages) {
    prompt.tokens += FOR_A_MESSAGE;
    prompt.text += `\n${String(role)}:`;
    prompt.content(content);
    if (tool_calls !== undefined) prompt.part(JSON.stringify(tool_calls), {});
  }
  const last = messages.at(-1);
  const isToolResult = last?.role === 'tool' || objectsOf(last?.content).some(({ type }) => type === 'tool_result');
  const { text, tokens, marked } = prompt;
  return { text, tokens: tokens + FOR_ALL, marked, last_words: wordsOf(last?.content), isToolResult };
}

class PromptText {
  text = '';
  tokens = 0;
  marked: Prompt['marked'];

  content(content: unknown): void {
    if (typeof content === 'string') this.part(content, {});
    for (const block of objectsOf(content)) {
      if (typeof block.text === 'string') this.part(block.text, block);
      else {
        this.tokens += FOR_A_PART;
        this.part(JSON.stringify(block), block, 0);
      }
    }
  }

  part(text: string, { cache_control: mark }: JsonObject, tokens = tokensOf(text)): void {
    this.text += `\n${text}`;
    this.tokens += tokens;
    if (isObject(mark)) this.marked = { text: this.text, isHour: mark.ttl === '1h' };
  }
}

const wordsOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : String(objectsOf(content).findLast(({ type }) => type === 'text')?.text ?? '');
