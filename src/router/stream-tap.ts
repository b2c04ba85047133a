/**
 * Reads along in a stream: whether there was content, an error or an end, what was used, and how much text came. It is fed
 * the bytes that the client gets and never changes them. OpenAI's chunks and Anthropic's events.
 */
import { createParser, type EventSourceMessage, type EventSourceParser } from 'eventsource-parser';
import type { Counts, ServiceTier } from '../meters.ts';
import type { UpstreamApi } from './config.ts';
import { endsEvent, type PlainEvent, plainEvent, plainText } from './plain-event.ts';
import { countsOf, isObject, type JsonObject, tierOf } from './reported-usage.ts';
import { TextPattern } from './text-pattern.ts';

const MOST_EVENT_CHARACTERS = 16_777_216;

/** What the last bytes held, beside what the tap remembers. */
export interface Glimpse {
  /** The data of an event that reports usage and nothing else: one that OpenAI's API sends on demand alone. */
  usageEvent: string | undefined;
  /** The data of an event that reports usage beside the end of an answer. */
  lastEvent: string | undefined;
  /** Whether the last event of the bytes could be read. */
  isRead: boolean;
}

interface Parsing {
  readonly decoder: InstanceType<typeof TextDecoder>;
  readonly parser: EventSourceParser;
}

export class StreamTap {
  hasContent = false;
  /** The error object of an event, as it came. */
  error: JsonObject | undefined;
  isDone = false;
  /** Bytes of text in the answer so far. */
  text_bytes = 0;
  tier: ServiceTier | undefined;
  readonly #api: UpstreamApi;
  readonly #answers: number;
  readonly #finished = new Set<unknown>();
  #parsing: Parsing | undefined;
  readonly #pattern = new TextPattern();
  #usage: JsonObject | undefined;
  /** No event has begun that the parser has not read to its end. */
  #isBetween = true;
  /** An event was too long to be read; the stream goes on unread. */
  #isLost = false;
  #glimpse: Glimpse = { usageEvent: undefined, lastEvent: undefined, isRead: false };

  /** @param answers how many were asked for */
  constructor(api: UpstreamApi, answers = 1) {
    this.#api = api;
    this.#answers = answers;
  }

  /** Made when it is needed: most streams are plain. */
  get #parser(): Parsing {
    this.#parsing ??= {
      decoder: new TextDecoder(),
      parser: createParser({
        maxBufferSize: MOST_EVENT_CHARACTERS,
        onEvent: (message) => this.#read(message),
        onError: ({ type: why }) => {
          if (why === 'max-buffer-size-exceeded') this.#isLost = true;
        },
      }),
    };
    return this.#parsing;
  }

  /**
   * Passes over events that hold nothing but a piece of text, from a place where an event begins; gives where they end. The
   * bytes are those of the wire.
   */
  skip(wire: string, from: number): number {
    const to = this.#isBetween && !this.#isLost ? this.#pattern.skip(wire, from) : from;
    if (to > from) this.#addText(this.#pattern.text_bytes);
    return to;
  }

  feed(bytes: Buffer): Glimpse {
    this.#glimpse = { usageEvent: undefined, lastEvent: undefined, isRead: false };
    const event = this.#isBetween ? plainEvent(bytes) : undefined;
    if (event !== undefined && !this.#isLost) this.#read(event);
    else this.#parse(bytes);
    return this.#glimpse;
  }

  #parse(bytes: Buffer): void {
    this.#isBetween = endsEvent(bytes);
    const { decoder, parser } = this.#parser;
    const text = decoder.decode(bytes, { stream: true });
    if (!this.#isLost) parser.feed(text);
  }

  /** Reads a last event that has no empty line behind it. */
  end(): void {
    if (!this.#isLost) this.#parser.parser.feed('\n\n');
  }

  /** Every answer has said how it ended, or the stream itself has. */
  get isComplete(): boolean {
    return this.error === undefined && (this.isDone || this.#finished.size >= this.#answers);
  }

  get hasEnded(): boolean {
    return this.#finished.size > 0;
  }

  /** Undefined: the stream has not said. */
  get counts(): Counts | undefined {
    return countsOf(this.#api, this.#usage);
  }

  #read({ data, event }: PlainEvent | EventSourceMessage): void {
    this.#glimpse.isRead = data === '[DONE]';
    if (data === '[DONE]') {
      this.isDone = true;
      return;
    }
    const value = parsed(data);
    if (value !== undefined) this.#glimpse.isRead = true;
    if (event === 'error' || isObject(value?.error) || typeof value?.error === 'string')
      this.error ??= isObject(value?.error) ? value.error : { message: value?.error ?? data };
    else if (value !== undefined && this.#api === 'openai') this.#chunk(value, data, event);
    else if (value !== undefined) this.#event(value, data, event);
  }

  #chunk(value: JsonObject, data: string, event: string | undefined): void {
    const choices = Array.isArray(value.choices) ? value.choices.filter(isObject) : [];
    this.tier ??= tierOf(value);
    let isLast = false;
    for (const choice of choices) {
      this.#addText(textBytes(choice.delta) + textBytes(choice.text));
      if (typeof choice.finish_reason !== 'string') continue;
      this.#finished.add(choice.index ?? 0);
      isLast = true;
    }
    if (!isObject(value.usage)) {
      if (!isLast && choices.length === 1) this.#learn(choices[0]!, plainText(data, event));
      return;
    }
    this.#usage = value.usage;
    if (choices.length === 0) this.#glimpse.usageEvent = data;
    else if (isLast) this.#glimpse.lastEvent = data;
  }

  #event(value: JsonObject, data: string, event: string | undefined): void {
    const { type, message, delta, usage, content_block: block } = value;
    if (type === 'message_start' && isObject(message)) {
      this.tier = tierOf(message);
      this.#addUsage(message.usage);
    } else if (type === 'message_stop') this.isDone = true;
    else if (type === 'content_block_start' && isObject(block) && block.type !== 'text' && block.type !== 'thinking')
      this.hasContent = true;
    else if (type === 'content_block_delta') {
      this.text_bytes += textBytes(delta);
      this.hasContent = true;
      if (isObject(delta) && typeof delta.text === 'string')
        this.#pattern.learn(plainText(data, event), 'text', delta.text);
    } else if (type === 'message_delta') {
      this.#addUsage(usage);
      if (isObject(delta) && typeof delta.stop_reason === 'string') this.#finished.add(0);
    }
  }

  /** Of chunks whose only text is their content. */
  #learn({ delta, text }: JsonObject, event: string): void {
    if (!isObject(delta) || typeof delta.content !== 'string' || text !== undefined) return;
    if (textBytes(delta) === Buffer.byteLength(delta.content)) this.#pattern.learn(event, 'content', delta.content);
  }

  #addText(bytes: number): void {
    this.text_bytes += bytes;
    if (bytes > 0) this.hasContent = true;
  }

  #addUsage(usage: unknown): void {
    if (isObject(usage)) this.#usage = { ...this.#usage, ...usage };
  }
}

function parsed(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const NO_TEXT = new Set(['role', 'type', 'id', 'index']);

/** Bytes of all texts of a delta: content, refusals, reasoning, the names and arguments of tools. */
function textBytes(delta: unknown): number {
  if (typeof delta === 'string') return Buffer.byteLength(delta);
  if (typeof delta !== 'object' || delta === null) return 0;
  let bytes = 0;
  for (const key in delta) if (!NO_TEXT.has(key)) bytes += textBytes((delta as JsonObject)[key]);
  return bytes;
}
