import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ggufChatTemplates } from '@eim/tokenizers';
import { chatTemplatesIn } from '@eim/tokenizers/node';
import { openWeights } from '@eim/weights/node';
import { ggufWithTokenizer } from '../model/gguf-with-tokenizer.js';

/** The chat templates that come with a published tokenizer, by name: in its folder, or in its GGUF file. */
export async function chatTemplatesOf(path: string): Promise<ReadonlyMap<string, string>> {
  const gguf = ggufWithTokenizer(path);
  if (gguf === undefined) {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    return await chatTemplatesIn(isFolder ? path : dirname(path));
  }
  const file = await openWeights(gguf);
  try {
    return ggufChatTemplates(file.metadata, gguf)?.templates ?? new Map();
  } finally {
    await file.close();
  }
}
