import type { LlamaAdapterOptionsInput } from './llama-adapter-options.js';
import type { LlamaAdapterV2OptionsInput } from './llama-adapter-v2-options.js';

/**
 * `text` is the published language model: 10 prompts in the last 30 blocks of LLaMA-7B, 1,229,760 parameters. `scienceqa` reads
 * pictures by the class tokens of six blocks of CLIP ViT-B/16, every other one, through 64 channels: 561,216 parameters
 * more. That is our reading of the paper, which says 1.8M of them and neither the blocks nor the widths; its program was never
 * published.
 */
export const llamaAdapterPresets = {
  text: { promptLength: 10, layerCount: 30, compat: { plainGate: false } },
  scienceqa: {
    promptLength: 10,
    layerCount: 30,
    visual: { blocks: [2, 4, 6, 8, 10, 12], read: 'class-token', hiddenSize: 64, activation: 'silu' },
    compat: { plainGate: false },
  },
} as const satisfies Record<string, LlamaAdapterOptionsInput>;

const published = {
  promptLength: 10,
  layerCount: 31,
  visualSize: 768,
  visualBlockCount: 8,
  visualHeadCount: 16,
  visualFeedForwardRatio: 4,
  biases: true,
  compat: { blankPictures: false },
} as const satisfies LlamaAdapterV2OptionsInput;

/** `paper` is the published multi-modal model on LLaMA-7B and CLIP ViT-L/14; `lora` the one of its `LORA-BIAS` file. */
export const llamaAdapterV2Presets = {
  paper: published,
  lora: { ...published, loraRank: 16 },
} as const satisfies Record<string, LlamaAdapterV2OptionsInput>;
