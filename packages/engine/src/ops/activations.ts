import { relu as coreRelu, relu6 as coreRelu6, tanh as coreTanh, type Tensor } from '@tensorflow/tfjs-core';
import { sigmoidGate } from './sigmoid-gate.js';

/** `max(x, 0)`; its gradient at 0 is 0. Any shape. */
export function relu<Shape extends Tensor>(x: Shape): Shape {
  return coreRelu(x);
}

/** `min(max(x, 0), 6)` (Howard et al. 2017), MobileNet's activation. Any shape. */
export function relu6<Shape extends Tensor>(x: Shape): Shape {
  return coreRelu6(x);
}

/** Hyperbolic tangent. Any shape. */
export function tanh<Shape extends Tensor>(x: Shape): Shape {
  return coreTanh(x);
}

/** `x sigmoid(x)` (Elfwing et al. 2017), LLaMA's activation. Any shape. */
export function silu<Shape extends Tensor>(x: Shape): Shape {
  return sigmoidGate(x, 1);
}

/** `x sigmoid(1.702 x)`, the approximation in OpenAI's CLIP (clip/model.py, QuickGELU). Any shape. */
export function quickGelu<Shape extends Tensor>(x: Shape): Shape {
  return sigmoidGate(x, 1.702);
}
