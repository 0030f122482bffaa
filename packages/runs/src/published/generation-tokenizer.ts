import { EimError } from '@eim/contracts';
import type { LanguageModelShape } from '@eim/contracts/model';
import type { PublishedTokenizer } from '@eim/tokenizers';
import { hasTokenizer } from '@eim/tokenizers/node';
import type { CompleteContext } from '../context.js';
import { ggufWithTokenizer } from '../model/gguf-with-tokenizer.js';
import { openTokenizerOf } from '../model/open-tokenizer-of.js';
import { resolveModelPaths } from '../models/resolve-model-path.js';

/** Where a tokenizer is looked for, and how it reads a prompt. */
export interface GenerationTokenizerChoice extends Pick<CompleteContext, 'environment' | 'workingFolder'> {
  /** Absolute path of the weights, with which a tokenizer may come. */
  readonly weights: string;
  /** Path, or the name of a pulled model. Absent: the one that comes with the weights. */
  readonly named?: string | undefined;
  readonly parseSpecialTokens?: boolean | undefined;
}

/** A tokenizer, or why there is none. */
export type FoundGenerationTokenizer =
  | { readonly tokenizer: PublishedTokenizer }
  | { readonly tokenizer?: undefined; readonly missing: string; readonly isAbsent?: boolean };

/**
 * The tokenizer named, else the one that comes with the weights.
 * @throws EimError naming what is wrong with it
 */
export async function openGenerationTokenizer(
  choice: GenerationTokenizerChoice,
): Promise<FoundGenerationTokenizer> {
  const path = tokenizerPath(choice);
  if (path === undefined) return { missing: `There is no tokenizer with ${choice.weights}.`, isAbsent: true };
  const { parseSpecialTokens = false } = choice;
  return { tokenizer: await openTokenizerOf(path, { parseSpecialTokens }) };
}

/**
 * The same for ids that only their text needs: one that cannot be opened, or that has more ids than the model, is as good
 * as none.
 */
export async function openTokenizerForText(
  choice: GenerationTokenizerChoice,
  { vocabularySize }: LanguageModelShape,
): Promise<FoundGenerationTokenizer> {
  try {
    const found = await openGenerationTokenizer(choice);
    const { tokenizer } = found;
    if (tokenizer === undefined) return found;
    const size = tokenizer.vocabularySize - (tokenizer.addedTokenCount ?? 0);
    if (size <= vocabularySize) return found;
    return { missing: `The tokenizer has ${size} ids, and the model ${vocabularySize}.` };
  } catch (error) {
    if (!EimError.isInstance(error)) throw error;
    return { missing: error.message };
  }
}

/** Path of the tokenizer named, else of what carries the one that comes with the weights. Undefined where none does. */
export function tokenizerPath({ weights, named, ...context }: GenerationTokenizerChoice): string | undefined {
  if (named !== undefined) return resolveModelPaths(named, context);
  return ggufWithTokenizer(weights) !== undefined || hasTokenizer(weights) ? weights : undefined;
}
