import type { WeightsDescription } from '@eim/contracts';
import type { LlamaAdapterOptions } from '../llama-adapter-options.js';
import { gateCount, gateName, requireLlamaAdapter } from './llama-adapter-layout.js';

/** Prompts in each block of every model that was published. */
const PROMPT_LENGTH = 10;

/**
 * Options of V1's adapter file or training state. Both hold the prompts of all adapted blocks in one tensor; how many blocks
 * they are for shows in the gates, of which the program keeps those that train in 32 bits and the others in 16. Where all are
 * alike, each block has 10 prompts, as in every published model; where that does not fit either, nothing is told.
 * @throws EimError `invalid-file` where it is another file
 * @example
 * describeLlamaAdapter(await openPublishedWeights('adapter_adapter_len10_layer30_epoch5.pth'));
 * // { promptLength: 10, layerCount: 30 }
 */
export function describeLlamaAdapter(
  weights: WeightsDescription,
): Partial<Pick<LlamaAdapterOptions, 'promptLength' | 'layerCount'>> {
  requireLlamaAdapter(weights, 1);
  const [rows = 0] = weights.info('adapter_query.weight').shape;
  const layerCount = trainedGates(weights) ?? rows / PROMPT_LENGTH;
  const promptLength = rows / layerCount;
  return Number.isInteger(layerCount) && Number.isInteger(promptLength) ? { promptLength, layerCount } : {};
}

/** How many gates, of the last blocks, have trained, by their types; undefined where these do not tell. */
function trainedGates(weights: WeightsDescription): number | undefined {
  const typeOf = (name: string) => (weights.has(name) ? weights.info(name).dtype : undefined);
  const dtypes = Array.from({ length: gateCount(weights) }, (_, block) => typeOf(gateName(block)));
  const first = dtypes.indexOf('F32');
  const alike = dtypes.slice(first).every((dtype) => dtype === 'F32');
  // beside a LLaMA in half precision, gates that are all in single precision have all trained
  const told = first > 0 || (first === 0 && typeOf('tok_embeddings.weight') === 'F16');
  return told && alike ? dtypes.length - first : undefined;
}
