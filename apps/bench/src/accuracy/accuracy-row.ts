/** How far one model is from its original, on one engine. */
export interface AccuracyRow {
  readonly model: string;
  /** The files that it was loaded from. */
  readonly files: string;
  /** What computed the expected values. */
  readonly original: string;
  /** Greatest relative error over what enters and leaves every half of every block; absent where there are none. */
  readonly layers?: number;
  /** Relative errors of the results, by name. */
  readonly results: Readonly<Record<string, number>>;
}

/** Greatest relative error that a row may have: float32 on wasm, and on engines of TensorFlow's runtime. */
export const TOLERANCE = { wasm: 1e-4, tensorflow: 2e-5 } as const;
