import * as tf from '@tensorflow/tfjs-core';
import { median } from '../engine-step/median.js';

/** The part of @tensorflow/tfjs-node's backend that runs an operation of TensorFlow by its name. */
interface OperationRunner {
  readonly binding: Readonly<Record<'TF_ATTR_BOOL' | 'TF_ATTR_TYPE' | 'TF_ATTR_STRING', number>>;
  executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly tf.Tensor[]): tf.Tensor;
}

/** `[rows, inner] x [inner, columns]`, and which of the factors is given transposed. */
export type ProductShape = readonly [rows: number, inner: number, columns: number, transposed?: 'A' | 'B'];

type Operation = 'MatMul' | '_MklMatMul' | 'BatchMatMulV2' | '_MklBatchMatMulV2';

const FLOAT = 1;

/** Times a product by one of TensorFlow's operations; returns the median in nanoseconds. */
export function productTimer() {
  const backend = tf.backend() as unknown as OperationRunner;
  const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_ATTR_STRING } = backend.binding;
  return (operation: Operation, [rows, inner, columns, transposed]: ProductShape, stack?: number): number => {
    const [flagA, flagB] = stack === undefined ? ['transpose_a', 'transpose_b'] : ['adj_x', 'adj_y'];
    const attributes = [
      { name: flagA, type: TF_ATTR_BOOL, value: transposed === 'A' },
      { name: flagB, type: TF_ATTR_BOOL, value: transposed === 'B' },
      { name: 'T', type: TF_ATTR_TYPE, value: FLOAT },
      ...(operation.startsWith('_Mkl')
        ? [{ name: '_kernel', type: TF_ATTR_STRING, value: 'MklNameChangeOp' }]
        : []),
    ];
    const batch = stack === undefined ? [] : [stack];
    return tf.tidy(() => {
      const a = tf.randomUniform([...batch, ...(transposed === 'A' ? [inner, rows] : [rows, inner])]);
      const b = tf.randomUniform([...batch, ...(transposed === 'B' ? [columns, inner] : [inner, columns])]);
      const run = () => backend.executeSingleOutput(operation, attributes, [a, b]).dispose();
      for (let warmUp = 0; warmUp < 5; warmUp++) run();
      const times = Array.from({ length: 51 }, () => {
        const started = performance.now();
        run();
        return (performance.now() - started) * 1e6;
      });
      return median(times);
    });
  };
}
