/** A float32 tensor read back: what snapshots and checkpoints hold. */
export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
