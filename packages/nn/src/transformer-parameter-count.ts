export interface TransformerSize {
  readonly size: number;
  readonly feedForwardSize: number;
  readonly blockCount: number;
  /** @default true */
  readonly queryKeyValueBias?: boolean;
}

/** Parameters of the blocks of a TransformerStack, from its sizes alone. */
export function transformerParameterCount(options: TransformerSize): number {
  const { size, feedForwardSize, blockCount, queryKeyValueBias = true } = options;
  const norms = 2 * 2 * size;
  const attention = size * 3 * size + (queryKeyValueBias ? 3 * size : 0) + size * size + size;
  const feedForward = 2 * size * feedForwardSize + feedForwardSize + size;
  return blockCount * (norms + attention + feedForward);
}
