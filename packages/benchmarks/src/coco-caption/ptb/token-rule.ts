/** A kind of token. */
export interface TokenRule {
  /** Anchored where it is tried (sticky). */
  readonly pattern: RegExp;
  /** Characters of what follows that count in the comparison of lengths. @default 0 */
  readonly context?: number;
  /** The token or tokens to write, where that is not the matched text. Letters are lowered afterwards. */
  readonly write?: (text: string) => string | readonly string[];
}

export function rule(source: string, write?: TokenRule['write'], flags = ''): TokenRule {
  const pattern = new RegExp(source, `yu${flags}`);
  return write ? { pattern, write } : { pattern };
}
