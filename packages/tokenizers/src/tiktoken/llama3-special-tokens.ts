/** How many special tokens follow the ranks of a LLaMA 3 vocabulary. */
const COUNT = 256;

/** Names by the place behind the ranks, as LLaMA 3.1 to 3.3 publish them; the first release lacks three of them. */
const NAMED: ReadonlyMap<number, string> = new Map([
  [0, '<|begin_of_text|>'],
  [1, '<|end_of_text|>'],
  [4, '<|finetune_right_pad_id|>'],
  [6, '<|start_header_id|>'],
  [7, '<|end_header_id|>'],
  [8, '<|eom_id|>'],
  [9, '<|eot_id|>'],
  [10, '<|python_tag|>'],
]);

/** Names of LLaMA 3's special tokens in the order of their ids; its vocabulary file does not hold them. */
export function llama3SpecialTokens(): readonly string[] {
  let reserved = 0;
  return Array.from(
    { length: COUNT },
    (_, place) => NAMED.get(place) ?? `<|reserved_special_token_${reserved++}|>`,
  );
}
