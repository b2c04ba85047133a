/**
 * Whether the client has left before it had its answer. One listens at a time: the call that is out, or the wait for the next
 * one; an AbortSignal would do the same at many times the cost.
 */
export class Departure {
  hasHappened = false;
  onHappen: (() => void) | undefined;

  happen(): void {
    if (this.hasHappened) return;
    this.hasHappened = true;
    this.onHappen?.();
  }
}
