/** A benchmark: four pure functions and some data. Runs no model itself. */
export interface Benchmark<Item = unknown, Prediction = unknown, ItemScore = unknown> {
  readonly name: string;
  /** Reads items from the contents of the benchmark's files, by file name. */
  load(files: ReadonlyMap<string, Uint8Array>): readonly Item[];
  /** What the model is asked; empty for captioning. */
  prompt(item: Item): string;
  /** The model's text as a prediction. */
  parse(text: string, item: Item): Prediction;
  score(prediction: Prediction, item: Item): ItemScore;
  /** All items at once, by official metric name. */
  aggregate(predictions: readonly Prediction[], items: readonly Item[]): Record<string, number>;
}
