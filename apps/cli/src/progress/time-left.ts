/** Weight of the newest rate in the moving average. */
const SMOOTHING = 0.1;

/** Estimates the seconds left from how fast amounts of work were done lately. */
export class TimeLeft {
  #secondsPerUnit: number | undefined;
  #last: { seconds: number; done: number } | undefined;

  /** @param seconds a clock's reading @param done work done so far, in any unit */
  observe(seconds: number, done: number): void {
    const last = this.#last;
    this.#last = { seconds, done };
    if (!last || done <= last.done) return;
    const rate = (seconds - last.seconds) / (done - last.done);
    this.#secondsPerUnit =
      this.#secondsPerUnit === undefined
        ? rate
        : this.#secondsPerUnit + SMOOTHING * (rate - this.#secondsPerUnit);
  }

  /** Undefined until two observations differ. */
  secondsLeft(done: number, total: number): number | undefined {
    return this.#secondsPerUnit === undefined ? undefined : Math.max(0, total - done) * this.#secondsPerUnit;
  }
}
