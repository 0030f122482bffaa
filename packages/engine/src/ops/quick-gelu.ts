import type { Tensor } from '@tensorflow/tfjs-core';
import { sigmoidGate } from './sigmoid-gate.js';

/** `x sigmoid(1.702 x)`, the approximation in OpenAI's CLIP (clip/model.py, QuickGELU). Any shape. */
export function quickGelu<Shape extends Tensor>(x: Shape): Shape {
  return sigmoidGate(x, 1.702);
}
