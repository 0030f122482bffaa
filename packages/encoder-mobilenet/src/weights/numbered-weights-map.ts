import { copied, permuted, type WeightRule, type WeightsMap } from '@eim/weights';
import { mobileNetBlocks } from '../mobilenet-blocks.js';
import type { MobileNetOptions } from '../mobilenet-options.js';

/**
 * Names of a TFLite graph: `N.w` and `N.b` of operation N, batch norms folded, filters `[out, row, column, in]`,
 * those of single channels `[1, row, column, channel]`. Additions and the average count as operations too.
 */
export function numberedWeightsMap(options: MobileNetOptions): WeightsMap {
  let operation = 0;
  const bias = (ours: string, size: number): WeightRule => copied(`${ours}.bias`, `${operation}.b`, [size]);
  const convolution = (ours: string, inputs: number, outputs: number, side: number): WeightRule[] => {
    const rules = [
      permuted(`${ours}.weight`, `${operation}.w`, [outputs, side, side, inputs], [1, 2, 3, 0]),
      bias(ours, outputs),
    ];
    operation++;
    return rules;
  };
  const depthwise = (ours: string, size: number): WeightRule[] => {
    const rules = [copied(`${ours}.weight`, `${operation}.w`, [1, 3, 3, size]), bias(ours, size)];
    operation++;
    return rules;
  };
  const blocks = mobileNetBlocks(options);
  const rules = convolution('stem', 3, blocks[0]!.inputSize, 3);
  blocks.forEach(({ inputSize, outputSize, innerSize, stride }, index) => {
    const ours = `blocks.${index}`;
    if (innerSize !== inputSize) rules.push(...convolution(`${ours}.expand`, inputSize, innerSize, 1));
    rules.push(...depthwise(`${ours}.depthwise`, innerSize));
    rules.push(...convolution(`${ours}.project`, innerSize, outputSize, 1));
    if (stride === 1 && inputSize === outputSize) operation++;
  });
  rules.push(...convolution('last', blocks.at(-1)!.outputSize, options.tokenSize, 1));
  const classifier = new RegExp(`^${operation + 1}\\.[wb]$`); // behind the average
  return { rules, ignores: (name) => classifier.test(name) };
}
