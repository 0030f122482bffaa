/** A metric on a split. */
export interface Measurement {
  readonly value: number;
  /** The values of single pictures that it is the mean of, where they were asked for and are known. */
  readonly each?: Float32Array;
}
