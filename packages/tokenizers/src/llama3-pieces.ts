/** How LLaMA 3 splits text before byte pairs merge (meta-llama/llama3, llama/tokenizer.py, `pat_str`). */
export const LLAMA3_PIECES = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
