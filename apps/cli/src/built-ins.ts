/** The plug-in packages that come with the command. The only list of their names. */
export const BUILT_IN_PACKAGES: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {
  '@eim/encoder-clip': () => import('@eim/encoder-clip'),
  '@eim/encoder-mobilenet': () => import('@eim/encoder-mobilenet'),
  '@eim/st-adapters': () => import('@eim/st-adapters'),
  '@eim/benchmarks': () => import('@eim/benchmarks'),
  '@eim/llm-gpt2': () => import('@eim/llm-gpt2'),
  '@eim/llm-llama': () => import('@eim/llm-llama'),
};
