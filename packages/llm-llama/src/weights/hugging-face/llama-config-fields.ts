import { HUGGING_FACE_FOREIGN_FIELDS, HUGGING_FACE_NEUTRAL_FIELDS } from '@eim/weights';

/**
 * Fields of a `config.json` that change what a model computes and that no LLaMA of transformers has, or that stand for
 * weights of another form: refused, unless they say what is computed anyway.
 */
export const REFUSED_FIELDS: Readonly<Record<string, readonly unknown[]>> = {
  ...HUGGING_FACE_FOREIGN_FIELDS,
  alibi: [false],
  attention_chunk_size: [],
  attention_multiplier: [],
  attn_logit_softcapping: [],
  clip_qkv: [],
  embedding_multiplier: [1],
  embedding_scale: [1],
  final_logit_softcapping: [],
  logit_scale: [1],
  logits_scaling: [1],
  residual_multiplier: [1],
  residual_scale: [1],
  query_pre_attn_scalar: [],
  qk_layernorm: [false],
  qk_norm: [false],
  use_qk_norm: [false],
  num_experts: [0],
  num_local_experts: [0],
  n_routed_experts: [0],
  no_rope_layers: [],
  no_rope_layer_interval: [],
  parallel_attn: [false],
  rotary_pct: [1],
  rotary_emb_base: [],
};

/** Fields that change training alone, the output of other heads, or nothing. */
export const IGNORED_FIELDS: readonly string[] = [
  ...HUGGING_FACE_NEUTRAL_FIELDS,
  'attention_dropout',
  'max_sequence_length',
  'pretraining_tp',
  'pruned_heads',
];
