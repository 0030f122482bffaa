import type { ClipCapMlpOptionsInput } from './clipcap-mlp-options.js';
import type { ClipCapTransformerOptionsInput } from './clipcap-transformer-options.js';
import type { LinearTransformOptionsInput } from './linear-transform-options.js';

/** What the linear ST reads. */
export const linearTransformPresets = {
  tokens: { source: 'tokens', normaliseInput: true },
  pooled: { source: 'pooled', normaliseInput: true },
} as const satisfies Record<string, LinearTransformOptionsInput>;

/** `paper` is k = 10 (ClipCap, section 4). */
export const clipCapMlpPresets = {
  paper: { prefixLength: 10, normalisePrefix: false },
} as const satisfies Record<string, ClipCapMlpOptionsInput>;

/**
 * `paper` is k = c = 10; `k40` is k = c = 40, as the README's command trains it; `released` is the same with pooled
 * vectors of length 1, as the released weights were trained.
 */
export const clipCapTransformerPresets = {
  paper: {
    prefixLength: 10,
    clipLength: 10,
    blockCount: 8,
    headCount: 8,
    feedForwardRatio: 2,
    normalisePrefix: false,
  },
  k40: {
    prefixLength: 40,
    clipLength: 40,
    blockCount: 8,
    headCount: 8,
    feedForwardRatio: 2,
    normalisePrefix: false,
  },
  released: {
    prefixLength: 40,
    clipLength: 40,
    blockCount: 8,
    headCount: 8,
    feedForwardRatio: 2,
    normalisePrefix: true,
  },
} as const satisfies Record<string, ClipCapTransformerOptionsInput>;
