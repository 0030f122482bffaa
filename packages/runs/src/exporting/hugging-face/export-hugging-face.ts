import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EimError, type ExportedTensor } from '@eim/contracts';
import { stopTokensOf } from '@eim/core';
import { writeFileAtomically, writeSafetensorsFile } from '@eim/weights/node';
import { argumentError } from '../../arguments/argument-error.js';
import type { CompleteContext } from '../../context.js';
import type { ExportSource } from '../export-source.js';
import { modelCard } from './model-card.js';
import { writeRunBeside } from './run-beside.js';
import { writeTokenizerFiles } from './tokenizer-files.js';

export interface HuggingFaceExportOptions {
  /** Folder, which must be empty or new. */
  readonly out: string;
  /** Licence of what is written, as its card names it (SPDX). */
  readonly licence?: string | undefined;
  readonly context: CompleteContext;
}

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

/**
 * Writes an LLM as a folder that transformers reads: `model.safetensors`, `config.json`, `generation_config.json`, the
 * tokenizer, and a card. Of a run its encoder and ST stand in `eim/`, a run of its own whose LLM is that of the folder.
 * @throws EimError `invalid-argument` where transformers does not compute this LLM, or the folder holds something
 */
export async function exportHuggingFace(
  source: ExportSource,
  { out, licence, context }: HuggingFaceExportOptions,
): Promise<readonly ExportedTensor[]> {
  if (existsSync(out) && (await readdir(out)).length > 0) {
    throw argumentError(`${out} is not empty.`, 'Choose another folder with --out.');
  }
  const { llm, exports } = source;
  const written = exports.find(({ pretrained }) => pretrained);
  if (!written) throw unreadable(source);
  const { config, tensors } = await written.pretrained!(llm);
  await mkdir(out, { recursive: true });
  const write = (name: string, text: string) => writeFileAtomically(join(out, name), text);
  await writeSafetensorsFile(
    join(out, 'model.safetensors'),
    tensors.map(({ name, shape, values }) => ({ name, shape, dtype: 'F32' as const, data: values })),
    { format: 'pt' },
  );
  await write('config.json', json(config));
  await write('generation_config.json', json(generationConfig(source)));
  await writeTokenizerFiles(source, out);
  if (source.run) await writeRunBeside(source.run, out);
  await write('README.md', await modelCard(source, { tensors, licence, context }));
  return tensors;
}

function generationConfig({ llm }: ExportSource): object {
  const { begin, pad } = llm.specialTokens;
  const stop = stopTokensOf(llm);
  return {
    _from_model_config: false,
    ...(begin !== undefined && { bos_token_id: begin }),
    eos_token_id: stop.length === 1 ? stop[0] : stop.length === 0 ? null : stop,
    pad_token_id: pad,
  };
}

const unreadable = ({ path, exports }: ExportSource): EimError =>
  new EimError({
    code: 'invalid-argument',
    message: `The LLM of ${path} is none that transformers reads.`,
    advice:
      exports.length === 0
        ? 'Its package writes it for no other program.'
        : `Its package writes it for ${exports.map(({ target }) => target).join(' and ')}.`,
    data: { path },
  });
