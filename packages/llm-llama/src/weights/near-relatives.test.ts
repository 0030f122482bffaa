import { expect, test } from 'vitest';
import { describedWeights } from '../testing/described-weights.js';
import { recogniseLlama } from './llama-layout.js';
import { distinguishFromLlama } from './near-relatives.js';

const TENSORS = { 'model.embed_tokens.weight': [64, 32] };

test.each([
  ['mistral', 'Mistral'],
  ['mixtral', 'Mixtral'],
  ['qwen2', 'Qwen 2'],
  ['qwen3', 'Qwen 3'],
  ['qwen3_moe', 'Qwen 3 MoE'],
  ['gemma', 'Gemma'],
  ['gemma2', 'Gemma 2'],
  ['gemma3_text', 'Gemma 3'],
  ['phi3', 'Phi-3'],
  ['cohere', 'Command R'],
  ['deepseek_v3', 'DeepSeek'],
  ['smollm3', 'SmolLM 3'],
])('%s is not taken for LLaMA, and named', (type, family) => {
  const weights = describedWeights({ model_type: type }, TENSORS);
  expect(recogniseLlama(weights)).toBe(false);
  expect(distinguishFromLlama(weights)).toContain(`Its family, ${family} ("${type}"), is not computed`);
  const gguf = describedWeights({ 'general.architecture': type.replaceAll('_', '') }, TENSORS);
  expect(distinguishFromLlama(gguf)).toContain(`Its family, ${family} (`);
});

test('nothing is said of LLaMA itself, nor of what nobody knows', () => {
  expect(distinguishFromLlama(describedWeights({ model_type: 'llama' }))).toBeUndefined();
  expect(distinguishFromLlama(describedWeights({ model_type: 'something_new' }))).toBeUndefined();
  expect(distinguishFromLlama(describedWeights({}))).toBeUndefined();
});
