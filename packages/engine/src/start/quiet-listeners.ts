const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Runs a start of the wasm backend and takes away the listeners that Emscripten leaves on the process: they print
 * the backend's whole source when a user's own script throws.
 */
export async function withoutListeners<Result>(start: () => Promise<Result>): Promise<Result> {
  if (typeof process === 'undefined' || !process.listeners) return start();
  const listenersOf = (event: string): unknown[] => process.listeners(event as 'exit');
  const before = new Map(EVENTS.map((event) => [event, new Set(listenersOf(event))]));
  try {
    return await start();
  } finally {
    for (const event of EVENTS) {
      for (const listener of listenersOf(event)) {
        // Others may have added theirs meanwhile.
        if (before.get(event)!.has(listener) || !/ExitStatus|\{\s*throw reason/.test(String(listener)))
          continue;
        process.removeListener(event, listener as () => void);
      }
    }
  }
}
