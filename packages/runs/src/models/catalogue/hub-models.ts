import type { CatalogueModel } from './catalogue-model.js';

/**
 * Published models of the Hugging Face hub, by the names under which their papers and programs know them. The hub says
 * sizes and hashes itself; none of these was fetched when the list was written, so they are marked as not checked.
 */
export const HUB_MODELS: readonly CatalogueModel[] = [
  hubModel('clip-vit-base-patch32', 'openai/clip-vit-base-patch32', 'CLIP ViT-B/32', 'MIT'),
  hubModel('clip-vit-base-patch16', 'openai/clip-vit-base-patch16', 'CLIP ViT-B/16', 'MIT'),
  hubModel('clip-vit-large-patch14', 'openai/clip-vit-large-patch14', 'CLIP ViT-L/14', 'MIT'),
  hubModel(
    'clip-vit-large-patch14-336',
    'openai/clip-vit-large-patch14-336',
    'CLIP ViT-L/14 at 336 pixels',
    'MIT',
  ),
  hubModel('gpt2', 'openai-community/gpt2', 'GPT-2, 124 million parameters', 'MIT'),
  hubModel('gpt2-medium', 'openai-community/gpt2-medium', 'GPT-2, 355 million parameters', 'MIT'),
  hubModel('gpt2-large', 'openai-community/gpt2-large', 'GPT-2, 774 million parameters', 'MIT'),
  hubModel('gpt2-xl', 'openai-community/gpt2-xl', 'GPT-2, 1.5 billion parameters', 'MIT'),
  hubModel(
    'llama-7b',
    'huggyllama/llama-7b',
    'LLaMA 1, 7 billion parameters',
    'LLaMA non-commercial licence',
  ),
  hubModel(
    'llama-13b',
    'huggyllama/llama-13b',
    'LLaMA 1, 13 billion parameters',
    'LLaMA non-commercial licence',
  ),
  hubModel(
    'llama-2-7b',
    'meta-llama/Llama-2-7b-hf',
    'Llama 2, 7 billion parameters; gated',
    'Llama 2 Community License',
  ),
  hubModel(
    'llama-2-13b',
    'meta-llama/Llama-2-13b-hf',
    'Llama 2, 13 billion parameters; gated',
    'Llama 2 Community License',
  ),
  hubModel(
    'llama-3-8b',
    'meta-llama/Meta-Llama-3-8B',
    'Llama 3, 8 billion parameters; gated',
    'Llama 3 Community License',
  ),
  hubModel(
    'llama-3.2-1b',
    'meta-llama/Llama-3.2-1B',
    'Llama 3.2, 1 billion parameters; gated',
    'Llama 3.2 Community License',
  ),
  hubModel('tinyllama-1.1b-chat', 'TinyLlama/TinyLlama-1.1B-Chat-v1.0', 'TinyLlama 1.1B Chat', 'Apache-2.0'),
  hubModel('smollm2-135m', 'HuggingFaceTB/SmolLM2-135M', 'SmolLM2 135M, not quantised', 'Apache-2.0'),
];

function hubModel(name: string, repository: string, about: string, licence: string): CatalogueModel {
  return { name, about, source: { kind: 'hub', repository }, licence, checked: false };
}
