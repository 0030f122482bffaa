import type { LavinOptionsInput } from './lavin-options.js';

const published = {
  adapterSize: 8,
  groups: 2,
  scale: 1,
  dropout: 0.1,
  projectionSize: 128,
  visualTokens: 'class-tokens',
  classTokenInterval: 4,
  encoderAdapters: true,
  pictureWords: 'Image: ',
  textWords: 'Image: N/A',
  compat: { laterPositions: false, batchRouting: false, blankPictures: false },
} as const;

/**
 * The published sizes: `7b` with LLaMA-7B, `13b` with LLaMA-13B, both with CLIP ViT-L/14. `compat` is `7b` with what the
 * published program gets wrong. `mean` is `7b` for an encoder without class tokens and attention: one visual token, the mean
 * of its last grid, and adapters in the LLM alone.
 */
export const lavinPresets = {
  '7b': { ...published, temperature: 10 },
  '13b': { ...published, temperature: 5 },
  compat: {
    ...published,
    temperature: 10,
    compat: { laterPositions: true, batchRouting: true, blankPictures: true },
  },
  mean: { ...published, temperature: 10, visualTokens: 'mean', encoderAdapters: false },
} as const satisfies Record<string, LavinOptionsInput>;
