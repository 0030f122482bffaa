/** GPT-2's linear layers, transformers' `Conv1D`, whose weights are `[in, out]`. */
export const CONV1D = /(^|\.)(attn|mlp|crossattention)\.(c_attn|c_proj|c_fc|q_attn)\.weight$/;
/** Tables of tokens. */
export const EMBEDDING = /(^|\.)(wte|embed_tokens)\.weight$/;
export const HEAD = /(^|\.)lm_head\.weight$/;
