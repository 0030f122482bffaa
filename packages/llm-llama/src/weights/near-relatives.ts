import type { WeightsDescription } from '@eim/contracts';
import { distinguishFamily, type FamilyDifference } from '@eim/weights';

const EXPERTS = 'several feed-forward layers a block, of which a router chooses';
const QUERY_KEY_NORMS = 'norms of queries and keys';

const mistral = { family: 'Mistral', has: 'a window that attention slides over the text' };
const mixtral = { family: 'Mixtral', has: EXPERTS };
const qwen2 = { family: 'Qwen 2', has: 'biases of queries, keys and values alone, and sliding windows' };
const qwen2Experts = { family: 'Qwen 2 MoE', has: EXPERTS };
const qwen3Experts = { family: 'Qwen 3 MoE', has: `${QUERY_KEY_NORMS}, and ${EXPERTS}` };
const gemma3 = {
  family: 'Gemma 3',
  has: `${QUERY_KEY_NORMS}, norms behind each half of a block, scaled embeddings and sliding windows`,
};
const commandR = {
  family: 'Command R',
  has: 'LayerNorm without biases, halves of a block side by side, and scaled logits',
};
const phi3 = { family: 'Phi-3', has: 'query, key and value in one tensor, and LongRoPE or a sliding window' };
const deepseek = { family: 'DeepSeek', has: `compressed keys and values, and ${EXPERTS}` };
const glm = { family: 'GLM', has: 'rotary positions on half of each head, and gate and up in one tensor' };
const llama4 = { family: 'LLaMA 4', has: `${EXPERTS}, chunked attention and blocks without positions` };
const minicpm = { family: 'MiniCPM', has: 'scaled embeddings, residuals and logits' };

/** Models whose names or layout are close to LLaMA's, by `model_type` and by GGUF's architecture. */
const NEAR_RELATIVES: Readonly<Record<string, FamilyDifference>> = {
  mistral,
  mistral3: mistral,
  ministral: mistral,
  ministral3: mistral,
  mixtral,
  qwen2,
  qwen2moe: qwen2Experts,
  qwen3: { family: 'Qwen 3', has: QUERY_KEY_NORMS },
  qwen3moe: qwen3Experts,
  gemma: { family: 'Gemma', has: 'norms of gain 1 + w, scaled embeddings and a GELU gate' },
  gemma2: {
    family: 'Gemma 2',
    has: 'norms behind each half of a block, scaled embeddings, capped logits and sliding windows',
  },
  gemma3,
  gemma3text: gemma3,
  phi: {
    family: 'Phi',
    has: 'LayerNorm, halves of a block side by side, and rotary positions on a part of each head',
  },
  phi2: {
    family: 'Phi 2',
    has: 'LayerNorm, halves of a block side by side, and rotary positions on a part of each head',
  },
  phi3,
  phimoe: { family: 'Phi-3.5 MoE', has: EXPERTS },
  granite: { family: 'Granite', has: 'scaled embeddings, residuals, attention and logits' },
  granitemoe: { family: 'Granite MoE', has: `scaled embeddings, residuals and logits, and ${EXPERTS}` },
  stablelm: { family: 'StableLM', has: 'LayerNorm, and rotary positions on a part of each head' },
  starcoder2: {
    family: 'StarCoder 2',
    has: 'LayerNorm, biases, a feed-forward layer without a gate, and sliding windows',
  },
  olmo: { family: 'OLMo', has: 'LayerNorm without parameters' },
  olmo2: {
    family: 'OLMo 2',
    has: `${QUERY_KEY_NORMS}, and norms behind each half of a block in place of before`,
  },
  olmo3: {
    family: 'OLMo 3',
    has: `${QUERY_KEY_NORMS}, norms behind each half of a block, and sliding windows`,
  },
  cohere: commandR,
  cohere2: commandR,
  commandr: commandR,
  internlm2: { family: 'InternLM 2', has: 'query, key and value of a group side by side in one tensor' },
  baichuan: { family: 'Baichuan', has: 'query, key and value in one tensor, and ALiBi in its larger size' },
  falcon: { family: 'Falcon', has: 'LayerNorm, halves of a block side by side, and no gate' },
  deepseek,
  deepseek2: deepseek,
  deepseekv2: deepseek,
  deepseekv3: deepseek,
  glm,
  glm4: glm,
  chatglm: glm,
  smollm3: { family: 'SmolLM 3', has: 'blocks without positions' },
  llama4,
  llama4text: llama4,
  mllama: { family: 'LLaMA 3.2 Vision', has: 'blocks that attend to a picture' },
  minicpm,
  minicpm3: minicpm,
  nemotron: {
    family: 'Nemotron',
    has: 'LayerNorm of gain 1 + w, a squared ReLU without a gate, and rotary positions on half of each head',
  },
  deci: { family: 'DeciLM', has: 'other sizes in each block' },
  exaone: { family: 'EXAONE', has: 'a layout of its own' },
  arcee: { family: 'Arcee', has: 'a squared ReLU without a gate' },
};

/** A sentence about weights that name a near relative of LLaMA as their family; undefined of all others. */
export const distinguishFromLlama = (weights: WeightsDescription): string | undefined =>
  distinguishFamily(weights, NEAR_RELATIVES, 'LLaMA');
