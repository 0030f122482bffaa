const LONGEST_WITHOUT_PAUSE = 16; // ms, a display's frame

/**
 * Lets timers, input and abort signals have their turn: engines that compute on this thread resolve their
 * promises without ever leaving it.
 */
export class Pacer {
  private last = performance.now();

  constructor(private readonly signal: AbortSignal | undefined) {}

  /** @throws the signal's reason once it is aborted */
  async pause(): Promise<void> {
    if (performance.now() - this.last > LONGEST_WITHOUT_PAUSE) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.last = performance.now();
    }
    this.signal?.throwIfAborted();
  }
}
