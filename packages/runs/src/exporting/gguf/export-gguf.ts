import { basename } from 'node:path';
import { EimError, type ExportedTensor } from '@eim/contracts';
import { stopTokensOf } from '@eim/core';
import { ggufTokenizerKeys } from '@eim/tokenizers';
import { GGUF_ENCODINGS, type GgufEncoding, ggufChunks } from '@eim/weights';
import { writeFileAtomically } from '@eim/weights/node';
import { argumentError } from '../../arguments/argument-error.js';
import { findChatTemplates } from '../../chat/open-chat.js';
import type { ExportSource } from '../export-source.js';

export interface GgufExportOptions {
  /** The file. */
  readonly out: string;
  /** Form of the matrices: `f32`, `f16`, `bf16`, `q8_0` or `q4_0`. @default 'f32' */
  readonly quantise?: string | undefined;
}

/**
 * Writes an LLM of LLaMA's family as a file that llama.cpp reads, with its tokenizer and the chat template of published weights.
 * @throws EimError `invalid-argument` naming what llama.cpp does not compute, or does not read of the tokenizer
 */
export async function exportGguf(
  source: ExportSource,
  { out, quantise = 'f32' }: GgufExportOptions,
): Promise<readonly ExportedTensor[]> {
  const { llm, exports, tokenizer, tokenizerPath, path } = source;
  const encoding = encodingOf(quantise);
  const written = exports.find(({ gguf }) => gguf);
  if (!written) throw unreadable(path);
  const chatTemplates =
    tokenizerPath === undefined ? undefined : (await findChatTemplates(tokenizerPath))?.templates;
  const { vocabularySize } = llm;
  const keys = ggufTokenizerKeys(tokenizer, { vocabularySize, stopTokens: stopTokensOf(llm), chatTemplates });
  const { metadata, tensors } = await written.gguf!(llm);
  const name = { 'general.name': { type: 'string', value: basename(path) } } as const;
  await writeFileAtomically(
    out,
    ggufChunks({ metadata: { ...metadata, ...name, ...keys }, tensors }, encoding),
  );
  return tensors;
}

function encodingOf(name: string): GgufEncoding {
  const lower = name.toLowerCase();
  if ((GGUF_ENCODINGS as readonly string[]).includes(lower)) return lower as GgufEncoding;
  throw argumentError(
    `--quantise is "${name}".`,
    `The forms that are written are ${GGUF_ENCODINGS.join(', ')}.`,
  );
}

const unreadable = (path: string): EimError =>
  new EimError({
    code: 'invalid-argument',
    message: `The LLM of ${path} is not of LLaMA's family, the one that is written for llama.cpp.`,
    advice: 'Write it for huggingface.',
    data: { path },
  });
