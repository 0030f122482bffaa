/** The smallest model that all parts agree to, as a config has it: it trains in seconds and learns next to nothing. */
export const TINY_MODEL = `model:
  tokenizer: { use: byte-bpe, vocabularySize: 300 }
  encoder:
    use: '@eim/encoder-clip/vit'
    options: { imageSize: 32, patchSize: 16, width: 16, blockCount: 1, headCount: 2, feedForwardSize: 32, pooledSize: 16 }
  st: { use: '@eim/st-adapters/linear', preset: tokens }
  llm:
    use: '@eim/llm-gpt2'
    options: { hiddenSize: 16, blockCount: 1, headCount: 2, feedForwardSize: 32, contextLength: 96 }
`;
