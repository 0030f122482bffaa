import { HUGGING_FACE_FOREIGN_FIELDS, HUGGING_FACE_NEUTRAL_FIELDS } from '@eim/weights';

/**
 * Fields of a `config.json` that change what a model computes beyond what is computed here: refused, unless they say what
 * is computed anyway.
 */
export const REFUSED_FIELDS: Readonly<Record<string, readonly unknown[]>> = {
  ...HUGGING_FACE_FOREIGN_FIELDS,
  // transformers obeys these two in one of its ways to compute attention and passes over them in the others
  scale_attn_weights: [true],
  scale_attn_by_inverse_layer_idx: [false],
  alibi: [false],
  multi_query: [false],
  rotary_dim: [],
};

/** Fields that change training alone, the output of other heads, the rounding in 16 bits, or nothing. */
export const IGNORED_FIELDS: readonly string[] = [
  ...HUGGING_FACE_NEUTRAL_FIELDS,
  'attn_pdrop',
  'embd_pdrop',
  'n_ctx',
  'reorder_and_upcast_attn',
  'resid_pdrop',
  'summary_activation',
  'summary_first_dropout',
  'summary_proj_to_labels',
  'summary_type',
  'summary_use_proj',
];
