import type { Tensor } from '@tensorflow/tfjs-core';
import { recordingBackend } from '../tensorflow/tensorflow-backend.js';
import { activeTrace } from './active-trace.js';
import { FLOAT_ATTRIBUTE } from './resource-variable.js';

const TYPE = FLOAT_ATTRIBUTE.map((attribute) => ({ ...attribute, name: 'T' }));

/**
 * A float tensor whose users run when another tensor is there. A recorded step has no order of its own but that, and would
 * else work out twice the same only once; where operations really run, it is the tensor itself.
 */
export function onceThere<Shape extends Tensor>(tensor: Shape, other: Tensor): Shape {
  const trace = activeTrace();
  const backend = recordingBackend();
  if (!trace || !backend) return tensor;
  const [id, cause] = backend.getInputTensorIds([tensor, other]);
  const [output] = trace.operation('Identity', TYPE, [id!], 1, [trace.placeOf(cause!)[0]]);
  return backend.createOutputTensor({ ...output!, shape: [...tensor.shape] }) as Shape;
}
