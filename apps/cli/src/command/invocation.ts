import type { Terminal } from './terminal.js';

/** One call of a command. */
export interface Invocation<Values> {
  /** The arguments that are not options, in order. */
  readonly positionals: readonly string[];
  readonly options: Values;
  readonly terminal: Terminal;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}
