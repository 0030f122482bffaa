import { existsSync } from 'node:fs';
import { EimError } from '@eim/contracts';
import { answerRows } from '@eim/core';
import { argumentError } from '../arguments/argument-error.js';
import { completeContext, type RunsContext } from '../context.js';
import { beginChosenEngine } from '../engine/start-chosen-engine.js';
import { completeDecoding, type DecodingChoice, decodingRequest } from '../evaluation/decoding.js';
import { resolveModelPath } from '../models/resolve-model-path.js';
import { checkIds } from './check-ids.js';
import { computeOf } from './compute-of.js';
import { GenerationClock, type GenerationStats } from './generation-clock.js';
import { type FoundGenerationTokenizer, openTokenizerForText } from './generation-tokenizer.js';
import type { ModelSpec } from './load-published.js';
import { loadPublishedLanguageModel } from './load-published.js';
import { openPrompt, type PromptChoice } from './open-prompt.js';

export interface GenerateTextOptions extends RunsContext, DecodingChoice, PromptChoice {
  readonly llm: ModelSpec;
  /** Path of the tokenizer, or the name of a model that was pulled. Absent: the one that comes with the weights. */
  readonly tokenizer?: string | undefined;
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
  /** Absent where there is no tokenizer, or none that can be used. */
  readonly text?: string;
  /** Why a tokenizer that is there cannot be used. */
  readonly textMissing?: string;
  readonly stats: GenerationStats;
}

/**
 * Continues a prompt with a published LLM.
 * @throws EimError naming what is wrong with the prompt, the tokenizer or the weights
 *
 * @example
 * const llm = { path: '/models/gpt2' };
 * const { text } = await generateText({ packages, llm, prompt: 'The quick brown', maxNewTokens: 20 });
 * const chat = { messages: [{ role: 'user', content: 'Hello' }] };
 * const answer = await generateText({ packages, llm: { path: '/models/chat.gguf' }, chat, maxNewTokens: 50 });
 */
export async function generateText(options: GenerateTextOptions): Promise<GeneratedText> {
  const clock = new GenerationClock();
  const context = completeContext(options);
  const { llm, onText } = options;
  const choice = {
    ...context,
    parseSpecialTokens: options.parseSpecialTokens,
    weights: existing(resolveModelPath(llm.path, context)),
    named: options.tokenizer,
  };
  const startedEngine = beginChosenEngine(context);
  const opened = await openPrompt(options, choice);
  const engine = await startedEngine();
  const model = await loadPublishedLanguageModel(llm, { engine, context, tokenizer: opened.tokenizer });
  try {
    const found: FoundGenerationTokenizer = opened.tokenizer
      ? { tokenizer: opened.tokenizer }
      : await openTokenizerForText(choice, model);
    const { tokenizer } = found;
    if (tokenizer === undefined && options.stop !== undefined) {
      throw argumentError(`--stop needs a tokenizer. ${found.missing}`, 'Name one by --tokenizer.');
    }
    checkIds(opened.ids, model);
    clock.loaded();
    const ids: number[] = [];
    let text = '';
    const pieces = answerRows({ llm: model }, [{ ids: opened.ids }], {
      ...decodingRequest(completeDecoding(options)),
      tokenizer,
      maxNewTokens: options.maxNewTokens,
      ignoreEnd: options.ignoreEos,
      stopStrings: options.stop === undefined ? [] : [options.stop],
      signal: context.signal,
    });
    for await (const piece of pieces) {
      clock.tokens(piece.ids.length);
      ids.push(...piece.ids);
      text += piece.text;
      onText?.(
        tokenizer === undefined ? `${ids.length > piece.ids.length ? ',' : ''}${piece.ids}` : piece.text,
      );
    }
    const stats = clock.stats(opened.ids.length, computeOf(model));
    if (found.tokenizer !== undefined) return { ids, text, stats };
    if (found.isAbsent) return { ids, stats };
    context.onNote(`There is no text: ${found.missing}`);
    return { ids, textMissing: found.missing, stats };
  } finally {
    model.dispose();
  }
}

/** Before a tokenizer is looked for there. */
function existing(path: string): string {
  if (existsSync(path)) return path;
  throw new EimError({
    code: 'missing-file',
    message: `${path} does not exist.`,
    advice: 'Give a file or folder of weights, or the name of a model that `eim models` lists.',
    data: { path },
  });
}
