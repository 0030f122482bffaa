/** Options that a user sets for a benchmark, by name: `{split: 'val', prompt: 'QCM-A'}`. */
export type BenchmarkOptions = Readonly<Record<string, string>>;

export interface BenchmarkOption {
  readonly description: string;
  readonly default: string;
  /** The values that are allowed. Absent: any text. */
  readonly values?: readonly string[];
}

/** Scores by official name; parts of a benchmark may hold scores of their own. */
export interface BenchmarkScores {
  readonly [name: string]: number | string | BenchmarkScores;
}

/** The caption to score, and the captions that people gave the same picture. */
export interface CaptionPair {
  readonly id: string;
  readonly candidate: string;
  /** At least one. */
  readonly references: readonly string[];
}

/**
 * A benchmark: pure functions and some data. It runs no model itself. Options given to a function are complete, with
 * every default filled in; a function without them takes its own defaults.
 */
export interface Benchmark<Item = unknown, Prediction = unknown, ItemScore = unknown> {
  readonly name: string;
  /** Options that users may set, by name. */
  readonly options?: Readonly<Record<string, BenchmarkOption>>;
  /**
   * Which files of a data folder `load` wants, given all of them, relative to the folder with `/` between.
   * Absent: all that end in `.json`, `.jsonl`, `.csv`, `.tsv` or `.txt`.
   */
  selectFiles?(paths: readonly string[], options?: BenchmarkOptions): readonly string[];
  /** Reads items from the contents of the benchmark's files, by file name. */
  load(files: ReadonlyMap<string, Uint8Array>, options?: BenchmarkOptions): readonly Item[];
  /** The item's name, unique in the benchmark. */
  identify(item: Item): string;
  /**
   * The item's picture, relative to the data folder; undefined where it has none. If no file has that name, `.jpg`,
   * `.jpeg`, `.png` and `.webp` are tried behind it.
   */
  picture?(item: Item): string | undefined;
  /** What the model is asked; empty for captioning. */
  prompt(item: Item, options?: BenchmarkOptions): string;
  /** The model's text as a prediction. */
  parse(text: string, item: Item, options?: BenchmarkOptions): Prediction;
  score(prediction: Prediction, item: Item, options?: BenchmarkOptions): ItemScore;
  /** Scores of all items together, by official metric name. */
  aggregate(
    predictions: readonly Prediction[],
    items: readonly Item[],
    options?: BenchmarkOptions,
  ): BenchmarkScores;
  /**
   * For a benchmark of captions: candidates and references in the order of the items. Whoever runs the benchmark computes
   * METEOR, SPICE and CLIPScore from them, which need more than pure functions, and adds these to the scores of `aggregate`.
   */
  captions?(predictions: readonly Prediction[], items: readonly Item[]): readonly CaptionPair[];
  /** A number for each prediction, higher for better ones; reports choose the pictures that they show by it. */
  rank?(predictions: readonly Prediction[], items: readonly Item[]): readonly number[];
  /** The item's right answer, in words for a report. */
  expected?(item: Item): string;
}
