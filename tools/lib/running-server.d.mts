export interface RunningEimServe {
  readonly url: string;
  readonly models: readonly string[];
  readonly pid: number;
  /** Ends it. @returns its exit code */
  stop(): Promise<number>;
}

export function startEimServe(
  words: readonly string[],
  options?: { readonly env?: Readonly<Record<string, string>> },
): Promise<RunningEimServe>;
