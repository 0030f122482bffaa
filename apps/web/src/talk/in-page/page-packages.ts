import type { PluginPackages } from '@eim/runs/in-page';

/** The plug-ins that the page holds, each fetched when a model needs it. `packages.json` of the page lists them. */
export const PAGE_PACKAGES: PluginPackages = {
  '@eim/encoder-clip': () => import('@eim/encoder-clip'),
  '@eim/encoder-efficientnet': () => import('@eim/encoder-efficientnet'),
  '@eim/encoder-mobilenet': () => import('@eim/encoder-mobilenet'),
  '@eim/llm-gpt2': () => import('@eim/llm-gpt2'),
  '@eim/llm-llama': () => import('@eim/llm-llama'),
  '@eim/st-adapters': () => import('@eim/st-adapters'),
};
