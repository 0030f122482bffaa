/** Where the lines of a chat come from: a person at a terminal, or a pipe. */
export interface LineEditor {
  /** Whether a person types, who is shown prompts and may mend a mistake. */
  readonly isInteractive: boolean;
  /** The next line without its end; undefined where there are no more. */
  read(prompt: string): Promise<string | undefined>;
  /** Receives each Ctrl-C that the terminal hands over as a key. */
  onInterrupt(listener: () => void): void;
  close(): void;
}
