import { EimError, type WeightsDescription } from '@eim/contracts';
import type { LanguageModelShape } from '@eim/contracts/model';
import type { ClipCapMlpOptions } from '../clipcap-mlp-options.js';
import type { ClipCapTransformerOptions } from '../clipcap-transformer-options.js';
import { requireClipCap } from './clipcap-layout.js';
import { feedForwardRatioOf } from './feed-forward-ratio.js';

/** Heads of every transformer mapper that ClipCap's programs build; shapes do not tell them. */
const HEAD_COUNT = 8;

/** What an ST knows of the LLM behind it when it describes weights. */
interface Neighbour {
  readonly llm?: Pick<LanguageModelShape, 'hiddenSize'>;
}

/** The shape of a tensor; empty where there is none, which loading then reports. */
const shapeOf = (weights: WeightsDescription, name: string): readonly number[] =>
  weights.has(name) ? weights.info(name).shape : [];

/** Width of the GPT-2 in the same checkpoint, where it is there. */
function languageWidth(weights: WeightsDescription): number | undefined {
  const table = weights.tensorNames.find((name) => /(^|\.)gpt\.transformer\.wte\.weight$/.test(name));
  return table === undefined ? undefined : weights.info(table).shape[1];
}

/**
 * Options of a ClipCap checkpoint with the MLP mapper. The prefix length is the mapper's output over the LLM's width:
 * that of the GPT-2 in the checkpoint, else the neighbour's; where neither is known it is left out.
 * Whether the program scaled the pooled vectors to length 1 the file does not say.
 * @throws EimError `invalid-file` where the mapper is another one, or no whole number of slots fits
 * @example
 * describeClipCapMlp(await openPublishedWeights('coco_prefix-009.pt')); // { prefixLength: 10 }
 */
export function describeClipCapMlp(
  weights: WeightsDescription,
  { llm }: Neighbour = {},
): Partial<ClipCapMlpOptions> {
  const prefix = requireClipCap(weights, 'mlp');
  const hiddenSize = languageWidth(weights) ?? llm?.hiddenSize;
  if (hiddenSize === undefined) return {};
  return { prefixLength: slots(weights, `${prefix}model.2.weight`, hiddenSize) };
}

/**
 * Options of a ClipCap checkpoint with the transformer mapper: sizes from the shapes, and 8 heads, as in the original.
 * Whether the program scaled the pooled vectors to length 1 the file does not say.
 * @throws EimError `invalid-file` where the mapper is another one, or no whole number of slots fits
 */
export function describeClipCapTransformer(
  weights: WeightsDescription,
): Omit<ClipCapTransformerOptions, 'normalisePrefix'> {
  const prefix = requireClipCap(weights, 'transformer');
  const [prefixLength = 0, width = 0] = shapeOf(weights, `${prefix}prefix_const`);
  const [feedForwardSize = 0] = shapeOf(weights, `${prefix}transformer.layers.0.mlp.fc1.weight`);
  return {
    prefixLength,
    clipLength: slots(weights, `${prefix}linear.weight`, width),
    blockCount: weights.tensorNames.filter(
      (name) => name.startsWith(prefix) && /\.layers\.\d+\.norm1\.weight$/.test(name),
    ).length,
    headCount: HEAD_COUNT,
    feedForwardRatio: feedForwardRatioOf(feedForwardSize, width),
  };
}

function slots(weights: WeightsDescription, name: string, width: number): number {
  const [outputs = 0] = shapeOf(weights, name);
  const count = outputs / width;
  if (Number.isInteger(count) && count > 0) return count;
  throw new EimError({
    code: 'invalid-file',
    message: `${weights.name}: ${name} gives ${outputs} values for each picture, which are no whole number of slots of width ${width}.`,
    advice: 'Give the LLM that the mapper was trained with, and a whole checkpoint.',
    data: { file: weights.name, name, outputs, width },
  });
}
