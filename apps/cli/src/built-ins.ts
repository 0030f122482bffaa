/** The plug-in packages that come with the command. This is the only list of their names. */
export const BUILT_IN_PACKAGES: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {
  '@eim/encoder-clip': () => import('@eim/encoder-clip'),
  '@eim/encoder-efficientnet': () => import('@eim/encoder-efficientnet'),
  '@eim/encoder-mobilenet': () => import('@eim/encoder-mobilenet'),
  '@eim/datasets': () => import('@eim/datasets'),
  '@eim/st-adapters': () => import('@eim/st-adapters'),
  '@eim/benchmarks': () => import('@eim/benchmarks'),
  '@eim/llm-gpt2': () => import('@eim/llm-gpt2'),
  '@eim/llm-llama': () => import('@eim/llm-llama'),
};

/** The URLs of these packages, which another process can import. */
export function builtInUrls(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(BUILT_IN_PACKAGES).map((name) => [name, import.meta.resolve(name)]));
}
