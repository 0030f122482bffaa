/** What a user may choose about a benchmark, by name: `{split: 'val', prompt: 'QCM-A'}`. */
export type BenchmarkOptions = Readonly<Record<string, string>>;

export interface BenchmarkOption {
  readonly description: string;
  readonly default: string;
  /** All that is allowed; absent: any text. */
  readonly values?: readonly string[];
}

/** Scores by official name; parts of a benchmark may hold scores of their own. */
export interface BenchmarkScores {
  readonly [name: string]: number | string | BenchmarkScores;
}

/** A picture's caption beside those that people gave it. */
export interface CaptionPair {
  readonly id: string;
  readonly candidate: string;
  /** At least one. */
  readonly references: readonly string[];
}

/**
 * A benchmark: pure functions and some data. Runs no model itself. The options that a
 * function is given hold every default; without them each takes its own.
 */
export interface Benchmark<Item = unknown, Prediction = unknown, ItemScore = unknown> {
  readonly name: string;
  /** What may be chosen, by name. */
  readonly options?: Readonly<Record<string, BenchmarkOption>>;
  /**
   * Which files of a data folder `load` wants, given all of them, relative to the folder with `/` between.
   * Absent: all that end in `.json`, `.jsonl`, `.csv`, `.tsv` or `.txt`.
   */
  selectFiles?(paths: readonly string[], options?: BenchmarkOptions): readonly string[];
  /** Reads items from the contents of the benchmark's files, by file name. */
  load(files: ReadonlyMap<string, Uint8Array>, options?: BenchmarkOptions): readonly Item[];
  /** A name of the item, its own in the benchmark. */
  identify(item: Item): string;
  /**
   * The item's picture, relative to the data folder; undefined where it has none. Where no file is of that
   * name, it is tried with `.jpg`, `.jpeg`, `.png` and `.webp` behind it.
   */
  picture?(item: Item): string | undefined;
  /** What the model is asked; empty for captioning. */
  prompt(item: Item, options?: BenchmarkOptions): string;
  /** The model's text as a prediction. */
  parse(text: string, item: Item, options?: BenchmarkOptions): Prediction;
  score(prediction: Prediction, item: Item, options?: BenchmarkOptions): ItemScore;
  /** All items at once, by official metric name. */
  aggregate(
    predictions: readonly Prediction[],
    items: readonly Item[],
    options?: BenchmarkOptions,
  ): BenchmarkScores;
  /**
   * For a benchmark of captions, in the order of the items: METEOR, SPICE and CLIPScore, which need more than pure
   * functions, are computed of them by whoever runs the benchmark, and stand beside the scores of `aggregate`.
   */
  captions?(predictions: readonly Prediction[], items: readonly Item[]): readonly CaptionPair[];
  /** How good each prediction is among all, higher is better: which pictures a report shows. */
  rank?(predictions: readonly Prediction[], items: readonly Item[]): readonly number[];
  /** What an item's right answer is, in words for a report. */
  expected?(item: Item): string;
}
