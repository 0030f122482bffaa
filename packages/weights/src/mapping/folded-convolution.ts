import { permuted } from './weight-rules.js';
import type { WeightRule } from './weights-map.js';

export interface FoldedConvolution {
  /** Name of the convolution, without `.weight`. */
  readonly convolution: string;
  /** Name of the batch norm behind it, without `.weight`. */
  readonly norm: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly side: number;
  /** Each channel by itself; `inputs` are as many as `outputs`. @default false */
  readonly depthwise?: boolean;
  /** What the batch norm adds to the variance. @default 1e-5, PyTorch's */
  readonly epsilon?: number;
}

/**
 * Weight and bias of a PyTorch convolution with the batch norm behind it folded in (Ioffe and Szegedy 2015, section
 * 3.1, inference form): `norm(conv(x)) = conv(x) g / sqrt(v + e) + b - m g / sqrt(v + e)`.
 * @returns rules for `weight` `[side, side, inputs, outputs]`, depthwise `[side, side, outputs, 1]`, and `bias`
 */
export function foldedConvolution(ours: string, options: FoldedConvolution): WeightRule[] {
  const { convolution, norm, inputs, outputs, side, depthwise = false, epsilon = 1e-5 } = options;
  const shape = [outputs, depthwise ? 1 : inputs, side, side];
  const filter = permuted('', `${convolution}.weight`, shape, depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]);
  const statistics = ['weight', 'bias', 'running_mean', 'running_var'].map((name) => ({
    name: `${norm}.${name}`,
    shape: [outputs],
  }));
  const scales = ([gains, , , variances]: readonly Float32Array[]): Float64Array =>
    Float64Array.from(gains!, (gain, index) => gain / Math.sqrt(variances![index]! + epsilon));
  return [
    {
      target: `${ours}.weight`,
      sources: [...filter.sources, ...statistics],
      combine: ([values, ...norms]) => {
        const scale = scales(norms);
        return filter.combine([values!]).map((value, index) => value * scale[index % outputs]!);
      },
    },
    {
      target: `${ours}.bias`,
      sources: statistics,
      combine: (norms) => {
        const [, biases, means] = norms;
        const scale = scales(norms);
        return biases!.map((bias, index) => bias - means![index]! * scale[index]!);
      },
    },
  ];
}
