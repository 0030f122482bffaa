import type { Row } from '@eim/contracts';

/** A row of a file, before its picture is looked for. */
export interface RowRecord extends Omit<Row, 'picture'> {
  /** Path of the picture below the picture folder, with `/`. */
  readonly picture?: string;
  /** The split as the file names it; absent if it names none. */
  readonly split?: string;
  /** The place in the file of the row, or of its picture if it has one, for messages: `images[3].file_name` or `line 4, image`. */
  readonly entry: string;
}

/** What a file of rows says. */
export interface RowTable {
  readonly records: readonly RowRecord[];
  /** Harmless things that were left out or assumed, with counts. */
  readonly notes: readonly string[];
}
