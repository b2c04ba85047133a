/**
 * An answer before it is sent: head, pieces with their times, and how it ends. Both the server and the virtual caller play it;
 * what was made until an end that came early is what `settle` charges.
 */
import type { BillState } from './bill.ts';

export interface Piece {
  /** Since the request came. */
  readonly at_ms: number;
  /** As it goes over the wire. */
  readonly text: string;
  /** What a client makes of it, where it is an event. */
  readonly event?: { readonly name: string | undefined; readonly data: string };
}

export interface Script {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The head goes with the first. */
  readonly pieces: readonly Piece[];
  /** reset: no head came; cut: the connection breaks behind the last piece; stall: nothing comes behind it. */
  readonly end: 'whole' | 'cut' | 'stall' | 'reset';
  readonly ends_ms: number;
  /** Charges what was made in this time; once, and nothing for what is refused. */
  readonly settle: (elapsed_ms: number, state: BillState) => void;
}

const settlesNothing = (): void => undefined;

export function wholeScript(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: object,
  at_ms: number,
  settle: Script['settle'] = settlesNothing,
): Script {
  const text = JSON.stringify(body);
  const head = { ...headers, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
  return { status, headers: head, pieces: [{ at_ms, text }], end: 'whole', ends_ms: at_ms, settle };
}

export const resetScript = (at_ms: number): Script => ({
  status: 0,
  headers: {},
  pieces: [],
  end: 'reset',
  ends_ms: at_ms,
  settle: settlesNothing,
});

export const event = (at_ms: number, data: object | string, name?: string): Piece => {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return {
    at_ms,
    text: `${name === undefined ? '' : `event: ${name}\n`}data: ${text}\n\n`,
    event: { name, data: text },
  };
};

/** The same, broken off behind a part of it that `at` in [0, 1) says. */
export function brokenOff(script: Script, end: 'cut' | 'stall', at: number): Script {
  const { pieces } = script;
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined)
    return {
      ...script,
      end,
      pieces: [{ at_ms: only.at_ms, text: only.text.slice(0, Math.floor(only.text.length * at)) }],
    };
  // Behind the first piece and before those that end the answer, so that it can't be taken for whole.
  const kept = pieces.slice(0, 1 + Math.floor(at * Math.max(1, pieces.length - 4)));
  return { ...script, end, pieces: kept, ends_ms: kept.at(-1)?.at_ms ?? script.ends_ms };
}
