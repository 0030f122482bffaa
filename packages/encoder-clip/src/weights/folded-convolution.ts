import { permuted, type WeightRule } from '@eim/weights';

/** What PyTorch adds to a batch norm's variance. */
const EPSILON = 1e-5;

export interface FoldedConvolution {
  /** Name of the convolution, without `.weight`. */
  readonly convolution: string;
  /** Name of the batch norm behind it, without `.weight`. */
  readonly norm: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly side: number;
}

/**
 * Weight and bias of a convolution with the batch norm behind it folded in (Ioffe and Szegedy 2015, section 3.1,
 * inference form): `norm(conv(x)) = conv(x) g / sqrt(v + e) + b - m g / sqrt(v + e)`.
 */
export function foldedConvolution(ours: string, options: FoldedConvolution): WeightRule[] {
  const { convolution, norm, inputs, outputs, side } = options;
  const shape = [outputs, inputs, side, side];
  const filter = permuted('', `${convolution}.weight`, shape, [2, 3, 1, 0]); // [side, side, in, out]
  const statistics = ['weight', 'bias', 'running_mean', 'running_var'].map((name) => ({
    name: `${norm}.${name}`,
    shape: [outputs],
  }));
  const scales = ([gains, , , variances]: readonly Float32Array[]): Float64Array =>
    Float64Array.from(gains!, (gain, index) => gain / Math.sqrt(variances![index]! + EPSILON));
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
