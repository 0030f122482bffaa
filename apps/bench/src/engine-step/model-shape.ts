/** The transformer language model whose training step is timed: 3.7 million parameters. */
export const MODEL = {
  width: 256,
  layers: 4,
  heads: 8,
  vocabulary: 2000,
  batch: 32,
  length: 30,
  learningRate: 3e-4,
} as const;

/** Rows of the flattened activations. */
export const ROWS = MODEL.batch * MODEL.length;
