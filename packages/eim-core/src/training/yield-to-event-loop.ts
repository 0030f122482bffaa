/**
 * Lets timers, signals and progress bars run. Reading a tensor back resolves at once on the engines that
 * compute in this thread, so without this a run would starve them.
 */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
