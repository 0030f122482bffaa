/** A llama2.c header, under the names of LLaMA's `params.json`. */
export interface Llama2cConfig {
  readonly dim: number;
  readonly hidden_dim: number;
  readonly n_layers: number;
  readonly n_heads: number;
  readonly n_kv_heads: number;
  readonly vocab_size: number;
  readonly max_seq_len: number;
}

/** What a llama2.c file starts with. */
export interface Llama2cHeader {
  /** 0 is the layout before versions were written down. */
  readonly version: number;
  readonly config: Llama2cConfig;
  /** True where logits are products with the token embedding. */
  readonly sharedClassifier: boolean;
  /** Where the weights begin. */
  readonly byteLength: number;
}

/** "ak42" (karpathy/llama2.c, export.py). */
const MAGIC = 0x616b3432;
export const HEADER_BYTES = 256;

/**
 * The header of a llama2.c model (karpathy/llama2.c, export.py), or undefined where the sizes are impossible.
 * The layout before versions marks an unshared classifier by a negative vocabulary size.
 * @param start the first 256 bytes, or fewer where the file has fewer
 */
export function readLlama2cHeader(start: Uint8Array): Llama2cHeader | undefined {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  if (start.length < 28) return undefined;
  if (view.getUint32(0, true) !== MAGIC) {
    const vocabulary = view.getInt32(20, true);
    return header({ view, at: 0, version: 0, sharedClassifier: vocabulary > 0, byteLength: 28 });
  }
  if (start.length < HEADER_BYTES) return undefined;
  const version = view.getInt32(4, true);
  return header({ view, at: 8, version, sharedClassifier: start[36] !== 0, byteLength: HEADER_BYTES });
}

function header({
  view,
  at,
  ...rest
}: Omit<Llama2cHeader, 'config'> & { readonly view: DataView; readonly at: number }):
  | Llama2cHeader
  | undefined {
  const size = (index: number) => view.getInt32(at + 4 * index, true);
  const config: Llama2cConfig = {
    dim: size(0),
    hidden_dim: size(1),
    n_layers: size(2),
    n_heads: size(3),
    n_kv_heads: size(4),
    vocab_size: rest.version === 0 ? Math.abs(size(5)) : size(5),
    max_seq_len: size(6),
  };
  const possible =
    Object.values(config).every((value) => value > 0) &&
    config.dim % config.n_heads === 0 &&
    (config.dim / config.n_heads) % 2 === 0 &&
    config.n_heads % config.n_kv_heads === 0;
  return possible ? { ...rest, config } : undefined;
}
