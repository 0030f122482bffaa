import { statSync } from 'node:fs';
import { EimError } from '@eim/contracts';
import type { ImageEncoder, TextEncoder } from '@eim/contracts/model';
import type { EngineInfo } from '@eim/engine';
import type { PublishedTokenizer } from '@eim/tokenizers';
import { hasTokenizer } from '@eim/tokenizers/node';
import { openPublishedWeights } from '@eim/weights/node';
import type { CompleteContext } from '../context.js';
import { openTokenizerOf } from '../model/open-tokenizer-of.js';
import { resolveModelPath, resolveModelPaths } from '../models/resolve-model-path.js';
import { loadPublishedEncoder } from '../published/load-published.js';
import { loadTextEncoder } from '../published/load-text-encoder.js';

/** Both towers of a CLIP, and its tokenizer. */
export interface Clip {
  readonly images: ImageEncoder;
  readonly texts: TextEncoder;
  readonly tokenizer: PublishedTokenizer;
  dispose(): void;
}

export interface OpenClipOptions {
  /** CLIP's vocabulary; else it is looked for in the folder of the weights. */
  readonly tokenizer: string | undefined;
  readonly engine: EngineInfo;
  readonly context: CompleteContext;
}

/**
 * A CLIP with both towers.
 * @param clip a folder in Hugging Face's layout, OpenAI's `.pt`, or the name of a model that was pulled
 * @throws EimError `invalid-file` where a tower is not in it, `missing-file` without its vocabulary
 */
export async function openClip(clip: string, options: OpenClipOptions): Promise<Clip> {
  const { engine, context } = options;
  const path = resolveModelPath(clip, context);
  const tokenizer = await openClipTokenizer(path, options);
  const images = await loadPublishedEncoder({ path }, { engine, context });
  try {
    const weights = await openPublishedWeights(path);
    try {
      const texts = await loadTextEncoder(weights, context.packages);
      const dispose = () => {
        images.dispose();
        texts.dispose();
      };
      return { images, texts, tokenizer, dispose };
    } finally {
      await weights.close();
    }
  } catch (error) {
    images.dispose();
    throw error;
  }
}

async function openClipTokenizer(path: string, { tokenizer, context }: OpenClipOptions) {
  if (tokenizer !== undefined) {
    return await openTokenizerOf(resolveModelPaths(tokenizer, context));
  }
  if (statSync(path).isDirectory() && hasTokenizer(path)) return await openTokenizerOf(path);
  throw new EimError({
    code: 'missing-file',
    message: `There is no tokenizer with ${path}.`,
    advice:
      "Name CLIP's vocabulary by --clip-tokenizer: bpe_simple_vocab_16e6.txt.gz, or a folder that holds it.",
    data: { path },
  });
}
