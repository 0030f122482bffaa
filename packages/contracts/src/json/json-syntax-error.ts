/** A text that is no JSON. The message is a clause that says what is wrong at `position`. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  /** Whether the text is JSON as far as it goes: it was cut off. */
  readonly isCutOff: boolean;
  /** Counted from 1. */
  readonly line: number;

  /** @param position in the text, of the first character that cannot stand there */
  constructor(
    message: string,
    readonly position: number,
    text: string,
  ) {
    super(message);
    this.isCutOff = position >= text.trimEnd().length;
    this.line = lineAt(text, this.isCutOff ? text.length : position);
  }
}

function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
