import type { Row } from '@eim/contracts';

/** A row of a file, before its picture is looked for. */
export interface RowRecord extends Omit<Row, 'picture'> {
  /** Path of the picture below the picture folder, with `/`. */
  readonly picture?: string;
  /** As in the file; absent where it names none. */
  readonly split?: string;
  /** Where the row, or its picture where it has one, is named, for messages: `images[3].file_name` or `line 4, image`. */
  readonly entry: string;
}

/** What a file of rows says. */
export interface RowTable {
  readonly records: readonly RowRecord[];
  /** What was harmless and left out or assumed, with counts. */
  readonly notes: readonly string[];
}
