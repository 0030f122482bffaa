import type { Tensor2D } from '@eim/contracts/model';
import { exactGelu, gelu, quickGelu, relu, silu, tanh } from '@eim/engine';

/**
 * `gelu` is the tanh form (GPT-2), `exact-gelu` has the error function (open_clip), `quick-gelu` is
 * x * sigmoid(1.702 x) (OpenAI's CLIP).
 */
export type ActivationName = 'exact-gelu' | 'gelu' | 'quick-gelu' | 'relu' | 'silu' | 'tanh';

/** The element-wise functions by name. */
export const activations: Readonly<Record<ActivationName, (x: Tensor2D) => Tensor2D>> = {
  'exact-gelu': (x) => exactGelu(x),
  gelu: (x) => gelu(x),
  'quick-gelu': (x) => quickGelu(x),
  relu: (x) => relu(x),
  silu: (x) => silu(x),
  tanh: (x) => tanh(x),
};
