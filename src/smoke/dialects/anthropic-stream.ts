/**
 * A stream of the messages API, read as a strict client would.
 *
 * Right is: message_start first, blocks that are opened before they get deltas and closed once, a message_delta with
 * stop_reason and usage, message_stop at the end; unknown events and pings are let pass.
 */
import { isObject, type JsonObject } from '../../router/reported-usage.ts';
import type { Told, ToldToolCall } from '../dialect.ts';
import type { Exchange } from '../exchange.ts';
import type { Target } from '../target.ts';
import { errorOf, parsedObject, textOf } from './answer-json.ts';
import { type StreamReader, toldOfStream } from './stream-reading.ts';

export const readMessageStream = (exchange: Exchange, target: Target): Told =>
  toldOfStream(new MessageReader(), exchange, target);

class MessageReader implements StreamReader {
  text: string | undefined;
  readonly tools = new Map<unknown, ToldToolCall>();
  finish: string | undefined;
  usage: JsonObject | undefined;
  model: string | undefined;
  id: string | undefined;
  error: Told['error'];
  first_token_ms: number | undefined;
  isDone = false;
  #hasStarted = false;
  readonly #open = new Set<unknown>();
  readonly #wrong = new Set<string>();

  event(data: string, at_ms: number): void {
    const value = parsedObject(data);
    if (value === undefined) {
      this.#wrong.add('an event is no JSON object');
      return;
    }
    if (this.isDone) this.#wrong.add('there is more behind message_stop');
    const { type } = value;
    if (type === 'error') this.error ??= errorOf(value);
    else if (type === 'message_start') this.#start(value);
    else if (type === 'message_stop') this.isDone = true;
    else if (type === 'message_delta') this.#end(value);
    else if (typeof type === 'string' && type.startsWith('content_block_')) this.#block(type, value, at_ms);
  }

  #start({ message }: JsonObject): void {
    if (this.#hasStarted) this.#wrong.add('message_start stands twice');
    this.#hasStarted = true;
    if (!isObject(message)) return;
    this.model = textOf(message.model);
    this.id = textOf(message.id);
    this.#addUsage(message.usage);
  }

  #block(type: string, { index, content_block: block, delta }: JsonObject, at_ms: number): void {
    if (!this.#hasStarted) this.#wrong.add('a block came before message_start');
    if (type === 'content_block_start') {
      this.#open.add(index);
      if (isObject(block) && block.type === 'tool_use')
        this.tools.set(index, { name: textOf(block.name) ?? '', arguments: '' });
      return;
    }
    if (!this.#open.has(index)) this.#wrong.add('a block got a delta or an end without being open');
    if (type === 'content_block_stop') this.#open.delete(index);
    if (!isObject(delta)) return;
    this.first_token_ms ??= at_ms;
    if (typeof delta.text === 'string') this.text = (this.text ?? '') + delta.text;
    const tool = this.tools.get(index);
    if (tool !== undefined && typeof delta.partial_json === 'string')
      this.tools.set(index, { ...tool, arguments: tool.arguments + delta.partial_json });
  }

  #end({ delta, usage }: JsonObject): void {
    this.#addUsage(usage);
    if (isObject(delta)) this.finish = textOf(delta.stop_reason) ?? this.finish;
  }

  #addUsage(usage: unknown): void {
    if (isObject(usage)) this.usage = { ...this.usage, ...usage };
  }

  faults({ headers, end }: Exchange): string[] {
    const isWhole = end === 'whole' && this.error === undefined;
    return [
      ...this.#wrong,
      ...(/^text\/event-stream\b/i.test(String(headers['content-type'] ?? ''))
        ? []
        : ['the content type is no event stream']),
      ...(this.#hasStarted || this.error !== undefined ? [] : ['no message_start came']),
      ...(isWhole && this.finish === undefined ? ['no stop_reason came'] : []),
      ...(isWhole && !this.isDone ? ['no message_stop came'] : []),
      ...(isWhole && this.#open.size > 0 ? ['a block was not closed'] : []),
      ...(isWhole && this.usage === undefined ? ['no usage came'] : []),
    ];
  }
}
