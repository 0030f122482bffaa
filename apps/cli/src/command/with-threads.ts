import type { Terminal } from './terminal.js';

/** The terminal with `--threads` in its environment, where the engine's start looks for it. */
export function withThreads(terminal: Terminal, threads: number | undefined): Terminal {
  if (threads === undefined) return terminal;
  return { ...terminal, environment: { ...terminal.environment, EIM_THREADS: String(threads) } };
}
