import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Tokenizer } from '@eim/contracts';
import type { LanguageModel } from '@eim/contracts/model';
import { streamText } from '@eim/nn';
import { hasTokenizer } from '@eim/tokenizers/node';
import type { Terminal } from '../command/terminal.js';
import { usageError } from '../command/usage-error.js';
import { completeDecoding, type DecodingChoice, decodingRequest } from '../evaluation/decoding.js';
import { openTokenizerOf } from '../model/open-tokenizer-of.js';
import { startChosenEngine } from '../start-chosen-engine.js';
import { loadPublishedLanguageModel } from './load-published.js';
import { type ModelSpec, parseModelSpec } from './model-spec.js';
import { checkIds, parseIds } from './parse-ids.js';

export interface GenerateTextOptions extends DecodingChoice {
  readonly llm: string;
  readonly weights: string | undefined;
  readonly tokenizer: string | undefined;
  readonly prompt: string | undefined;
  readonly ids: string | undefined;
  readonly maxNewTokens: number;
  readonly stop: string | undefined;
  readonly ignoreEos: boolean;
  readonly parseSpecialTokens: boolean;
  readonly engine: string | undefined;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
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
 */
export async function generateText(options: GenerateTextOptions): Promise<GeneratedText> {
  const { terminal, signal, onText } = options;
  if ((options.prompt === undefined) === (options.ids === undefined)) {
    throw usageError(
      'Exactly one of --prompt and --ids says what to continue.',
      'Write --prompt TEXT, or --ids 1,2,3.',
    );
  }
  const given = options.ids === undefined ? undefined : parseIds(options.ids);
  const spec = parseModelSpec('--llm', options.llm, options.weights, terminal.workingFolder);
  const tokenizer = await openTokenizerFor(spec, options);
  if (given === undefined && tokenizer === undefined) {
    throw usageError(`There is no tokenizer with ${options.llm}.`, 'Name one by --tokenizer, or give --ids.');
  }
  const engine = await startChosenEngine(terminal, options.engine);
  const model = await loadPublishedLanguageModel(spec, {
    engine,
    workingFolder: terminal.workingFolder,
    tokenizer,
  });
  try {
    const prompt = given ?? promptIds(model, tokenizer!, options.prompt!);
    checkIds(prompt, model);
    const ids: number[] = [];
    let text = '';
    const pieces = streamText(model, {
      ids: prompt,
      tokenizer,
      maxNewTokens: options.maxNewTokens,
      stopTokens: options.ignoreEos ? [] : (model.stopTokens ?? [model.specialTokens.end]),
      stopStrings: options.stop === undefined ? [] : [options.stop],
      ...decodingRequest(completeDecoding(options)),
      signal,
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
  { path }: ModelSpec,
  { tokenizer, parseSpecialTokens, terminal }: GenerateTextOptions,
): Promise<Tokenizer | undefined> {
  const options = { parseSpecialTokens };
  if (tokenizer !== undefined) {
    const paths = tokenizer.split(',').map((part) => resolve(terminal.workingFolder, part));
    return await openTokenizerOf(paths.join(','), options);
  }
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const carriesOne = isFolder ? hasTokenizer(path) : /\.gguf$/i.test(path);
  return carriesOne ? await openTokenizerOf(path, options) : undefined;
}

/** The begin token where the family has one, and the text. */
function promptIds(model: LanguageModel, tokenizer: Tokenizer, prompt: string): number[] {
  const { begin } = model.specialTokens;
  const ids = [...(begin === undefined ? [] : [begin]), ...(prompt === '' ? [] : tokenizer.encode(prompt))];
  if (ids.length > 0) return ids;
  throw usageError(
    'The prompt is empty, and this model has no begin token to start from.',
    'Give a prompt of at least one character, or --ids.',
  );
}
