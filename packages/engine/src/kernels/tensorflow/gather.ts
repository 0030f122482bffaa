import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlowBackend } from '../../tensorflow/tensorflow-backend.js';
import { ATTRIBUTE, TF_FLOAT, TF_INT32 } from '../../tensorflow/tensorflow-binding.js';

/**
 * Rows by index without reading the indices back first, as the backend's own kernel does to check them: TensorFlow
 * checks them itself on a CPU, and a recorded step reads nothing back.
 */
export const gather: KernelConfig['kernelFunc'] = ({ inputs, attrs, backend }) => {
  const tensorflow = backend as TensorFlowBackend;
  const { x, indices } = inputs as { x: TensorInfo; indices: TensorInfo };
  const { axis, batchDims } = attrs as unknown as { axis: number; batchDims: number };
  const axisData = tensorflow.write(Int32Array.of(axis), [], 'int32');
  const axisInfo: TensorInfo = { dataId: axisData, shape: [], dtype: 'int32' };
  const attributes = [
    { name: 'batch_dims', type: ATTRIBUTE.int, value: batchDims },
    { name: 'Tparams', type: ATTRIBUTE.type, value: x.dtype === 'int32' ? TF_INT32 : TF_FLOAT },
    { name: 'Tindices', type: ATTRIBUTE.type, value: TF_INT32 },
    { name: 'Taxis', type: ATTRIBUTE.type, value: TF_INT32 },
  ];
  const result = tensorflow.executeSingleOutput('GatherV2', attributes, [x, indices, axisInfo]);
  tensorflow.disposeData(axisData);
  return result;
};
