/**
 * Names that models have by which their families are told, as published: one of them at the outermost level says that
 * nothing wraps the model any more.
 */
const KNOWN_NAMES = [
  // GPT-2, alone, with a head, and in ClipCap's checkpoints
  /^(gpt\.)?(transformer\.)?wte\.weight$/,
  /^clip_project\./,
  // LLaMA: Hugging Face's names, Meta's, llama.cpp's
  /^model\.embed_tokens\.weight$/,
  /^tok_embeddings\.weight$/,
  /^token_embd\.weight$/,
  // CLIP: Hugging Face's names, then OpenAI's and open_clip's
  /^(vision_model\.embeddings|text_model\.embeddings)\./,
  /^visual\.(conv1\.weight|class_embedding|attnpool\.positional_embedding)$/,
  /^token_embedding\.weight$/,
  // MobileNetV2: Hugging Face's names, and those by operation
  /^(mobilenet_v2\.)?conv_stem\./,
  /^0\.w$/,
];

/** Whether names are those of a model that nothing wraps. */
export const haveKnownName = (names: Iterable<string>): boolean => {
  for (const name of names) if (KNOWN_NAMES.some((known) => known.test(name))) return true;
  return false;
};
