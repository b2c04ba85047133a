/**
 * The stand-in without sockets: a caller that answers on a clock of the run, from the same scripts that the server plays.
 * What a client would see is worked out instead of waited for: time-outs, answers that it leaves, connections that break.
 */
import { type Random, substream } from '../../random.ts';
import type { Clock } from '../clock.ts';
import type { Call, Caller, Exchange } from '../exchange.ts';
import { Bill, type BillEntry } from './bill.ts';
import type { Piece, Script } from './script.ts';
import type { StandInRouteName, StandInSpec } from './spec.ts';
import { StandInRoute } from './stand-in-route.ts';

const WRONG_KEY = 'tollgate-smoke-wrong-key';

export interface VirtualCaller extends Caller {
  readonly bill: () => readonly BillEntry[];
}

export function virtualCaller(spec: StandInSpec, name: StandInRouteName, clock: Clock, random: Random): VirtualCaller {
  const bill = new Bill();
  const draw = (): Random => substream(random.integer(2 ** 31), 'request');
  const route = new StandInRoute(spec, name, { bill, now: clock.now, random: draw });
  return {
    bill: () => bill.entries,
    call: async (call) => {
      const started_ms = clock.now();
      const text = call.body === undefined ? '' : typeof call.body === 'string' ? call.body : JSON.stringify(call.body);
      const script = route.answer({ method: call.method, path: call.path, headers: sent(spec, call), text });
      const exchange = exchangeOf(call, script, started_ms);
      await clock.wait(exchange.total_ms);
      return exchange;
    },
  };
}

const sent = ({ key, api }: StandInSpec, { key: which, headers }: Call): Record<string, string> => ({
  ...(api === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {}),
  ...headers,
  ...(which === 'none' ? {} : { authorization: `Bearer ${which === 'own' ? key : WRONG_KEY}` }),
});

/** What the client sees of the script until it leaves. */
function exchangeOf(call: Call, script: Script, started_ms: number): Exchange {
  const { status, headers, pieces, end, ends_ms, settle } = script;
  const { timeout_ms, leave_after_events: leaves, isStream } = call;
  if (end === 'reset') return nothing(started_ms, Math.min(ends_ms, timeout_ms), ends_ms > timeout_ms);
  const left = leftAt(pieces, leaves, isStream);
  const isLeft = left !== undefined && left.at_ms <= timeout_ms;
  const isLate = !isLeft && (end === 'stall' || ends_ms > timeout_ms);
  const until_ms = isLeft ? left.at_ms : isLate ? timeout_ms : ends_ms;
  const seen = pieces.slice(0, isLeft ? left.pieces : undefined).filter(({ at_ms }) => at_ms <= until_ms);
  settle(Math.min(until_ms, ends_ms), end !== 'whole' ? 'cut' : isLeft || isLate ? 'cancelled' : 'whole');
  const isHeaded = seen.length > 0 || isLeft;
  return {
    started_ms,
    end: isLeft ? 'cancelled' : isLate ? 'timeout' : end === 'cut' ? 'cut' : 'whole',
    status: isHeaded ? status : 0,
    headers: isHeaded ? headers : {},
    text: seen.map(({ text }) => text).join(''),
    events: isStream
      ? seen.flatMap(({ at_ms, event }) =>
          event === undefined ? [] : [{ at_ms, event: event.name, data: event.data }],
        )
      : [],
    first_byte_ms: seen[0]?.at_ms,
    total_ms: until_ms,
    failure: isLeft
      ? 'the answer was left'
      : isLate
        ? 'there was no answer in time'
        : end === 'cut'
          ? 'the connection failed'
          : undefined,
  };
}

/** When a client that leaves after so many events does, and what it has by then; undefined: it stays. */
function leftAt(pieces: readonly Piece[], leaves: number | undefined, isStream: boolean) {
  if (leaves === undefined || (leaves > 0 && !isStream)) return undefined;
  const last = pieces[Math.max(0, leaves - 1)];
  if (last === undefined || (leaves > 0 && last.event === undefined)) return undefined;
  return { at_ms: last.at_ms, pieces: leaves };
}

const nothing = (started_ms: number, total_ms: number, isLate: boolean): Exchange => ({
  started_ms,
  end: isLate ? 'timeout' : 'unreachable',
  status: 0,
  headers: {},
  text: '',
  events: [],
  first_byte_ms: undefined,
  total_ms,
  failure: isLate ? 'there was no answer in time' : 'the connection failed (ECONNRESET)',
});
