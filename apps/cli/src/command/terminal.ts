/** The streams that a command reads and writes, and its surroundings. They are passed in, so that tests can replace them. */
export interface Terminal {
  /** What is piped in; absent where nothing can be. */
  readonly stdin?: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };
  /** Results alone. */
  readonly stdout: { write(text: string): unknown };
  /** Progress, notes and errors. */
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    workingFolder: process.cwd(),
  };
}
