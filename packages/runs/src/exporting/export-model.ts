import { basename, join, resolve } from 'node:path';
import type { ExportedTensor } from '@eim/contracts';
import { argumentError } from '../arguments/argument-error.js';
import { completeContext } from '../context.js';
import { isRun } from '../listing/find-runs.js';
import { type ExportedRun, type ExportRunOptions, exportRun } from './export-run.js';
import { type ExportSource, openExportSource } from './export-source.js';
import { exportGguf } from './gguf/export-gguf.js';
import { exportHuggingFace } from './hugging-face/export-hugging-face.js';

export interface ExportModelOptions extends ExportRunOptions {
  /** Path of a tokenizer in place of the model's own. */
  readonly tokenizer?: string | undefined;
  /** Licence of what is written, for its card (SPDX). */
  readonly licence?: string | undefined;
  /** For `gguf`, the form of the matrices: `f32`, `f16`, `bf16`, `q8_0` or `q4_0`. @default 'f32' */
  readonly quantise?: string | undefined;
}

type Writer = (
  source: ExportSource,
  out: string,
  options: ExportModelOptions,
) => Promise<readonly ExportedTensor[]>;

/** Targets that take published weights as well as runs. */
const WRITERS: Readonly<Record<string, Writer>> = {
  huggingface: (source, out, options) =>
    exportHuggingFace(source, { out, licence: options.licence, context: completeContext(options) }),
  gguf: (source, out, { quantise }) => exportGguf(source, { out, quantise }),
};

/**
 * Writes a model for another program: the LLM of a run, or a published one, as `huggingface`, with the rest of the run beside it, or as `gguf`; or a
 * part of a run under another program's names, as `exportRun` does.
 * @param path a run, published weights, or the name of a pulled model
 * @throws EimError `invalid-argument` naming what the program has no place for
 * @example
 * await exportModel('runs/lavin', { packages, target: 'huggingface', out: 'lavin-hf' });
 */
export async function exportModel(path: string, options: ExportModelOptions): Promise<ExportedRun> {
  const { target, tokenizer } = options;
  const context = completeContext(options);
  const write = Object.hasOwn(WRITERS, target) ? WRITERS[target] : undefined;
  if (!write) return await exportRun(path, options);
  const out = outOf(path, options);
  const source = await openExportSource({ model: { path }, tokenizer }, context);
  try {
    const tensors = await write(source, resolve(context.workingFolder, out), options);
    return { out, target, tensors: Object.fromEntries(tensors.map(({ name, shape }) => [name, shape])) };
  } finally {
    source.dispose();
  }
}

/** Beside the files of a run unless it is said; published weights are somebody else's folder. */
function outOf(path: string, { out, target, ...options }: ExportModelOptions): string {
  if (out !== undefined) return out;
  const folder = resolve(completeContext(options).workingFolder, path);
  if (isRun(folder)) return join(folder, target === 'gguf' ? 'llm.gguf' : target);
  throw argumentError(`--out is needed for ${basename(path)}, which is no run.`, 'Write --out PATH.');
}
