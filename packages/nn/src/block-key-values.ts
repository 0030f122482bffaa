import type { Tensor3D } from '@eim/contracts/model';

/** Keys and values of one block, `[B, S, width]` each. */
export interface BlockKeyValues {
  readonly keys: Tensor3D;
  readonly values: Tensor3D;
}
