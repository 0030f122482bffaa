import { statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { EimError, type SpecialTokens } from '@eim/contracts';
import { tokenizerIn } from '@eim/tokenizers/node';
import type { OpenedWeights } from '@eim/weights/node';
import { openTokenizerOf } from '../model/open-tokenizer-of.js';

/** The tokenizer that comes with weights. */
export interface FoundTokenizer {
  /** Names of its files beside the weights, or of the weights that contain it. */
  readonly files: readonly string[];
  readonly vocabularySize?: number;
  readonly specialTokens?: SpecialTokens;
  /** Why it cannot be used. Absent if it can. */
  readonly problem?: string;
}

/** The tokenizer in a folder of weights, or inside a GGUF file; null where there is none. */
export async function findTokenizer(path: string, weights: OpenedWeights): Promise<FoundTokenizer | null> {
  const isFolder = statSync(path).isDirectory();
  const beside = isFolder ? tokenizerIn(path) : undefined;
  const inside = weights.metadata['tokenizer.ggml.model'] !== undefined;
  if (beside === undefined && !inside) return null;
  const files = beside
    ? beside.split(',').map((file) => relative(path, file))
    : [relative(isFolder ? path : dirname(path), weights.name) || weights.name];
  try {
    const { vocabularySize, specialTokens } = await openTokenizerOf(path);
    return { files, vocabularySize, specialTokens };
  } catch (error) {
    if (!EimError.isInstance(error)) throw error;
    return { files, problem: error.message };
  }
}
