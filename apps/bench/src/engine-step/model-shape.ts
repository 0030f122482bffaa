/** Sizes of a transformer language model and of the batch that it is trained on. */
export interface ModelShape {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly vocabulary: number;
  readonly batch: number;
  readonly length: number;
  readonly learningRate: number;
}

/** The model whose training step is timed: 3.7 million parameters. */
export const MODEL = {
  width: 256,
  layers: 4,
  heads: 8,
  vocabulary: 2000,
  batch: 32,
  length: 30,
  learningRate: 3e-4,
} as const satisfies ModelShape;

/** Rows of its flattened activations. */
export const ROWS = MODEL.batch * MODEL.length;

/** A model of 20,000 parameters, for engines that are slow by their nature. */
export const SMALL_MODEL: ModelShape = {
  width: 16,
  layers: 1,
  heads: 2,
  vocabulary: 1000,
  batch: 4,
  length: 16,
  learningRate: 3e-4,
};
