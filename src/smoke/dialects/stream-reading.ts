/** What a reader of a stream's events has gathered, as an answer in words: the same for both APIs. */
import { countsOf, type JsonObject } from '../../router/reported-usage.ts';
import type { Told, ToldToolCall } from '../dialect.ts';
import type { Exchange } from '../exchange.ts';
import type { Target } from '../target.ts';
import { NOTHING, reportedUsd, requestIdOf } from './answer-json.ts';

export interface StreamReader extends Pick<Told, 'text' | 'finish' | 'model' | 'error' | 'first_token_ms'> {
  readonly tools: ReadonlyMap<unknown, ToldToolCall>;
  readonly usage: JsonObject | undefined;
  readonly id: string | undefined;
  /** The stream has said that it ends. */
  readonly isDone: boolean;
  event(data: string, at_ms: number): void;
  /** Where its shape was wrong. */
  faults(exchange: Exchange): string[];
}

export function toldOfStream(read: StreamReader, exchange: Exchange, target: Target): Told {
  for (const { at_ms, data } of exchange.events) read.event(data, at_ms);
  const { text, tools, finish, usage, model, id, error, first_token_ms, isDone } = read;
  return {
    ...NOTHING,
    text,
    tool_calls: [...tools.values()],
    finish,
    counts: countsOf(target.api, usage),
    reported_usd: reportedUsd(target, exchange, usage),
    model,
    request_id: requestIdOf(exchange, id),
    error,
    first_token_ms,
    isEnded: isDone && exchange.end === 'whole',
    faults: read.faults(exchange),
  };
}
