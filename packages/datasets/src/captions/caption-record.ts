/** One picture of a caption file, before its own file is looked for. */
export interface CaptionRecord {
  /** As in the file; where it has none, the picture's path. */
  readonly id: string;
  /** Path of the picture below the picture folder, with `/`. */
  readonly picture: string;
  readonly captions: readonly string[];
  /** As in the file; absent where it names none. */
  readonly split?: string;
  /** Where the picture is named, for messages: `images[3].file_name` or `line 4, image`. */
  readonly entry: string;
}

/** What a caption file says. */
export interface CaptionTable {
  readonly records: readonly CaptionRecord[];
  /** What was harmless and left out, with counts. */
  readonly notes: readonly string[];
}

/** Reads the text of a caption file. @param file names it in errors */
export type CaptionParser = (text: string, file: string) => CaptionTable;
