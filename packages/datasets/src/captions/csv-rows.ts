/** One row of a CSV file. */
export interface CsvRow {
  /** Line at which the row begins, counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
  /** A quote that never closes. */
  readonly unclosed: boolean;
}

/**
 * Rows of comma-separated values by RFC 4180: a field in quotes may hold commas, line ends and doubled quotes.
 * Blank lines are skipped.
 */
export function* csvRows(text: string): Generator<CsvRow> {
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let line = 1;
  let start = 1;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '"' && text[at + 1] === '"') {
        field += '"';
        at++;
      } else if (character === '"') quoted = false;
      else if (character === undefined) {
        yield { line: start, fields: [...fields, field], unclosed: true };
        return;
      } else field += character;
      if (character === '\n') line++;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === ',') {
      fields.push(field);
      field = '';
    } else if (character === '\n' || character === undefined) {
      if (fields.length > 0 || field.trim() !== '') {
        yield { line: start, fields: [...fields, field.replace(/\r$/, '')], unclosed: false };
      }
      fields = [];
      field = '';
      start = ++line;
    } else field += character;
  }
}
