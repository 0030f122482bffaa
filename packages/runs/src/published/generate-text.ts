import { statSync } from 'node:fs';
import type { Tokenizer } from '@eim/contracts';
import type { LanguageModel } from '@eim/contracts/model';
import { answerRows } from '@eim/core';
import { hasTokenizer } from '@eim/tokenizers/node';
import { argumentError } from '../arguments/argument-error.js';
import { type CompleteContext, completeContext, type RunsContext } from '../context.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { completeDecoding, type DecodingChoice, decodingRequest } from '../evaluation/decoding.js';
import { openTokenizerOf } from '../model/open-tokenizer-of.js';
import { resolveModelPath, resolveModelPaths } from '../models/resolve-model-path.js';
import { checkIds } from './check-ids.js';
import type { ModelSpec } from './load-published.js';
import { loadPublishedLanguageModel } from './load-published.js';

export interface GenerateTextOptions extends RunsContext, DecodingChoice {
  readonly llm: ModelSpec;
  /** Path of the tokenizer, or the name of a model that was pulled. Absent: the one that comes with the weights. */
  readonly tokenizer?: string | undefined;
  /** Text to continue; the begin token of the family is put before it. Either this or `ids` is given. */
  readonly prompt?: string | undefined;
  /** Token ids to continue; nothing is put before them. */
  readonly ids?: readonly number[] | undefined;
  readonly maxNewTokens: number;
  /** End before this text. */
  readonly stop?: string | undefined;
  /** Go on after the end token. @default false */
  readonly ignoreEos?: boolean | undefined;
  /** Take text like `<s>` in the prompt for the token of that name. @default false */
  readonly parseSpecialTokens?: boolean | undefined;
  /** Receives the text as it comes. */
  readonly onText?: (text: string) => void;
}

/** New tokens alone. */
export interface GeneratedText {
  readonly ids: readonly number[];
  /** Absent where there is no tokenizer. */
  readonly text?: string;
}

/**
 * Continues a prompt with a published LLM.
 * @throws EimError naming what is wrong with the prompt, the tokenizer or the weights
 *
 * @example
 * const llm = { path: '/models/gpt2' };
 * const { text } = await generateText({ packages, llm, prompt: 'The quick brown', maxNewTokens: 20 });
 */
export async function generateText(options: GenerateTextOptions): Promise<GeneratedText> {
  const context = completeContext(options);
  const { llm, ids: given, onText } = options;
  if ((options.prompt === undefined) === (given === undefined)) {
    throw argumentError(
      'Exactly one of --prompt and --ids says what to continue.',
      'Write --prompt TEXT, or --ids 1,2,3.',
    );
  }
  const tokenizer = await openTokenizerFor(options, context);
  if (given === undefined && tokenizer === undefined) {
    throw argumentError(`There is no tokenizer with ${llm.path}.`, 'Name one by --tokenizer, or give --ids.');
  }
  const engine = await startChosenEngine(context);
  const model = await loadPublishedLanguageModel(llm, { engine, context, tokenizer });
  try {
    const prompt = given === undefined ? promptIds(model, tokenizer!, options.prompt!) : [...given];
    checkIds(prompt, model);
    const ids: number[] = [];
    let text = '';
    const pieces = answerRows({ llm: model }, [{ ids: prompt }], {
      ...decodingRequest(completeDecoding(options)),
      tokenizer,
      maxNewTokens: options.maxNewTokens,
      ignoreEnd: options.ignoreEos,
      stopStrings: options.stop === undefined ? [] : [options.stop],
      signal: context.signal,
    });
    for await (const piece of pieces) {
      ids.push(...piece.ids);
      text += piece.text;
      onText?.(
        tokenizer === undefined ? `${ids.length > piece.ids.length ? ',' : ''}${piece.ids}` : piece.text,
      );
    }
    return tokenizer === undefined ? { ids } : { ids, text };
  } finally {
    model.dispose();
  }
}

/** The tokenizer named, else the one that comes with the weights. */
async function openTokenizerFor(
  { llm, tokenizer, parseSpecialTokens = false }: GenerateTextOptions,
  context: CompleteContext,
): Promise<Tokenizer | undefined> {
  const options = { parseSpecialTokens };
  if (tokenizer !== undefined) return await openTokenizerOf(resolveModelPaths(tokenizer, context), options);
  const path = resolveModelPath(llm.path, context);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const carriesOne = isFolder ? hasTokenizer(path) : /\.gguf$/i.test(path);
  return carriesOne ? await openTokenizerOf(path, options) : undefined;
}

/** The begin token where the family has one, and the text. */
function promptIds(model: LanguageModel, tokenizer: Tokenizer, prompt: string): number[] {
  const { begin } = model.specialTokens;
  const ids = [...(begin === undefined ? [] : [begin]), ...(prompt === '' ? [] : tokenizer.encode(prompt))];
  if (ids.length > 0) return ids;
  throw argumentError(
    'The prompt is empty, and this model has no begin token to start from.',
    'Give a prompt of at least one character, or --ids.',
  );
}
