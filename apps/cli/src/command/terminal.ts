/** Where a command writes, apart from its files. Passed in, so that tests can read it. */
export interface Terminal {
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
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    workingFolder: process.cwd(),
  };
}
