/** A call that brought no answer, or only a part of one: of which kind, and whether the seller may have got the request. */
import type { FailureKind } from '../routing/outcome.ts';

export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  readonly kind: FailureKind;
  readonly wasSent: boolean;

  constructor(kind: FailureKind, wasSent: boolean, message: string) {
    super(message);
    this.kind = kind;
    this.wasSent = wasSent;
  }
}

export function connectionFailure(error: unknown, wasSent: boolean): UpstreamFailure {
  const code = codeOf(error);
  return new UpstreamFailure(
    'connection',
    wasSent,
    `the connection to the seller failed${code === '' ? '' : ` (${code})`}`,
  );
}

/** The code alone: messages of sockets name hosts. */
function codeOf(error: unknown): string {
  const { code, errors } = error as { readonly code?: unknown; readonly errors?: readonly unknown[] };
  if (typeof code === 'string') return code;
  return errors?.[0] === undefined ? '' : codeOf(errors[0]);
}
