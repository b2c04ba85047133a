/** Answers by the idempotency key of their request: who asks the same again gets the same again, and nothing more is charged. */
import type { StandInRequest } from './request.ts';
import type { Script } from './script.ts';

const MOST_KEPT = 10_000;

export class KeptAnswers {
  /** The oldest first. */
  readonly #kept = new Map<string, { readonly text: string; readonly script: Script }>();

  /** `changed`: the key was used with another request; undefined: it is new, or there is none. */
  again(request: StandInRequest): Script | 'changed' | undefined {
    const key = keyOf(request);
    const kept = key === undefined ? undefined : this.#kept.get(key);
    if (kept === undefined) return undefined;
    if (kept.text !== request.text) return 'changed';
    const { script } = kept;
    return { ...script, headers: { ...script.headers, 'idempotent-replayed': 'true' }, settle: () => undefined };
  }

  /** Only what was served whole is kept. */
  keep(request: StandInRequest, script: Script): void {
    const key = keyOf(request);
    if (key === undefined || script.status !== 200 || script.end !== 'whole') return;
    this.#kept.set(key, { text: request.text, script });
    if (this.#kept.size <= MOST_KEPT) return;
    const oldest = this.#kept.keys().next();
    if (oldest.done !== true) this.#kept.delete(oldest.value);
  }
}

export const idempotencyKey = ({ headers: { 'idempotency-key': key } }: StandInRequest): string | undefined =>
  typeof key === 'string' ? key : undefined;

function keyOf(request: StandInRequest): string | undefined {
  const key = idempotencyKey(request);
  return key === undefined ? undefined : `${request.path} ${key}`;
}
