/**
 * A stream of chat completion chunks, read as a strict client would: what it said, and where its shape was wrong.
 *
 * Right is: every event JSON of the object chat.completion.chunk, choices in each, one finish_reason for the answer, nothing
 * said behind it, usage in a last chunk without choices (it was asked for), `[DONE]` at the end.
 */
import { isObject, type JsonObject } from '../../router/reported-usage.ts';
import type { Told, ToldToolCall } from '../dialect.ts';
import type { Exchange } from '../exchange.ts';
import type { Target } from '../target.ts';
import { errorOf, objectsOf, parsedObject, textOf } from './answer-json.ts';
import { type StreamReader, toldOfStream } from './stream-reading.ts';

export const readStream = (exchange: Exchange, target: Target): Told =>
  toldOfStream(new ChunkReader(), exchange, target);

class ChunkReader implements StreamReader {
  text: string | undefined;
  readonly tools = new Map<number, ToldToolCall>();
  finish: string | undefined;
  usage: JsonObject | undefined;
  model: string | undefined;
  id: string | undefined;
  error: Told['error'];
  first_token_ms: number | undefined;
  isDone = false;
  readonly #wrong = new Set<string>();

  event(data: string, at_ms: number): void {
    if (this.isDone) this.#wrong.add('there is more behind [DONE]');
    if (data === '[DONE]') {
      this.isDone = true;
      return;
    }
    const value = parsedObject(data);
    if (value === undefined) {
      this.#wrong.add('an event is no JSON object');
      return;
    }
    const error = errorOf(value);
    if (error !== undefined) {
      this.error ??= error;
      return;
    }
    if (value.object !== 'chat.completion.chunk') this.#wrong.add('a chunk is no chat.completion.chunk');
    if (!Array.isArray(value.choices)) this.#wrong.add('a chunk has no choices');
    this.model ??= textOf(value.model);
    this.id ??= textOf(value.id);
    if (isObject(value.usage)) this.usage = value.usage;
    for (const choice of objectsOf(value.choices)) this.#choice(choice, at_ms);
  }

  #choice({ delta, finish_reason }: JsonObject, at_ms: number): void {
    const { content, tool_calls } = isObject(delta) ? delta : {};
    const calls = objectsOf(tool_calls);
    const said = typeof content === 'string' && content !== '';
    if (said) this.text = (this.text ?? '') + content;
    if (said || calls.length > 0) {
      this.first_token_ms ??= at_ms;
      if (this.finish !== undefined) this.#wrong.add('content stands behind finish_reason');
    }
    for (const call of calls) this.#toolCall(call);
    if (typeof finish_reason !== 'string') return;
    if (this.finish !== undefined) this.#wrong.add('finish_reason stands twice');
    this.finish = finish_reason;
  }

  #toolCall({ index, function: called }: JsonObject): void {
    if (typeof index !== 'number') this.#wrong.add('a tool call has no index');
    const at = typeof index === 'number' ? index : 0;
    const { name, arguments: part } = isObject(called) ? called : {};
    const before = this.tools.get(at) ?? { name: '', arguments: '' };
    this.tools.set(at, {
      name: before.name || (textOf(name) ?? ''),
      arguments: before.arguments + (textOf(part) ?? ''),
    });
  }

  faults({ headers, end }: Exchange): string[] {
    const missing = [
      ...(/^text\/event-stream\b/i.test(String(headers['content-type'] ?? ''))
        ? []
        : ['the content type is no event stream']),
      ...(end === 'whole' && this.error === undefined && this.finish === undefined ? ['no finish_reason came'] : []),
      ...(end === 'whole' && this.error === undefined && !this.isDone ? ['no [DONE] came'] : []),
      ...(end === 'whole' && this.error === undefined && this.usage === undefined
        ? ['no usage came, though it was asked for']
        : []),
    ];
    return [...this.#wrong, ...missing];
  }
}
