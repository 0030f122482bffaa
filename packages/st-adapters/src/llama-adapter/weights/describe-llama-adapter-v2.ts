import type { WeightsDescription } from '@eim/contracts';
import { ConfigReader } from '@eim/weights';
import { feedForwardRatioOf } from '../../weights/feed-forward-ratio.js';
import type { LlamaAdapterV2Options } from '../llama-adapter-v2-options.js';
import { requireLlamaAdapter } from './llama-adapter-layout.js';

const BIAS = 'llama.layers.0.attention.wq.bias';
const LOW_RANK = 'llama.layers.0.attention.lora_wq_l1.weight';

/** Whether a file has the biases of the second phase. */
export const hasBiases = ({ has }: Pick<WeightsDescription, 'has'>): boolean => has(BIAS);

/**
 * Options of V2's adapter file (`BIAS`, `LORA-BIAS`) or training state: sizes from the shapes. The heads of the visual blocks,
 * which no shape tells, are 16, as in every published model.
 * @throws EimError `invalid-file` where it is another file
 */
export function describeLlamaAdapterV2(
  weights: WeightsDescription,
): Omit<LlamaAdapterV2Options, 'visualHeadCount' | 'compat'> {
  requireLlamaAdapter(weights, 2);
  checkDescription(weights);
  const shape = (name: string): readonly number[] => (weights.has(name) ? weights.info(name).shape : []);
  const [promptLength = 1, visualSize = 1] = shape('visual_query.weight');
  const [rows = promptLength] = shape('adapter_query.weight');
  const [feedForwardSize = 4 * visualSize] = shape('visual_blocks.0.mlp.fc1.weight');
  const [loraRank] = shape(LOW_RANK);
  return {
    promptLength,
    layerCount: Math.floor(rows / promptLength),
    visualSize,
    visualBlockCount: weights.tensorNames.filter((name) => /^visual_blocks\.\d+\.norm1\.weight$/.test(name))
      .length,
    visualFeedForwardRatio: feedForwardRatioOf(feedForwardSize, visualSize),
    biases: hasBiases(weights),
    ...(loraRank !== undefined && { loraRank }),
  };
}

/**
 * What an adapter file says of itself must be so, but for `lora_rank`: the program writes the same one into every file, whatever
 * the matrices are.
 */
export function checkDescription(weights: WeightsDescription): void {
  const { config: said } = weights.config;
  if (typeof said !== 'object' || said === null) return;
  const reader = new ConfigReader(said as Readonly<Record<string, unknown>>, `${weights.name} (config)`);
  reader.allow('w_bias', [hasBiases(weights)]);
  reader.allow('w_lora', [weights.has(LOW_RANK)]);
  reader.finish();
}
