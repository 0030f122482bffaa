import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EimError, type ExportedTensor, type PartExport, type Tokenizer } from '@eim/contracts';
import type { LanguageModel } from '@eim/contracts/model';
import { createPart, type ModelDescription, type PluginLoader } from '@eim/core';
import { createRandomStream } from '@eim/engine';
import { loraOfChange } from '@eim/weights';
import { openPublishedWeights, writeFileAtomically, writeSafetensorsFile } from '@eim/weights/node';
import { refuseQuantised } from './export-neighbours.js';

export interface PeftExportSource {
  readonly llm: LanguageModel;
  readonly description: ModelDescription;
  readonly modelFolder: string;
  readonly tokenizer: Tokenizer;
  readonly loadPlugin: PluginLoader;
  /** Ways to write the LLM; the one in transformers' names counts. */
  readonly exports: readonly PartExport<LanguageModel>[];
}

/**
 * Writes what the LLM of a run has learnt on top of published weights as an adapter that peft loads, `adapter_config.json` and
 * `adapter_model.safetensors`: the difference of both, taken apart into matrices of low rank.
 * @throws EimError `invalid-argument` where there are no published weights below, or what has learnt is no LoRA
 */
export async function exportPeft(
  { llm, description, modelFolder, tokenizer, loadPlugin, exports }: PeftExportSource,
  out: string,
): Promise<readonly ExportedTensor[]> {
  const { use, options, weights } = description.parts.llm;
  const written = exports.find(({ library }) => library === 'transformers');
  if (!written) throw refused(`${use} cannot be written in transformers' names`);
  if (!weights) throw refused('its LLM began with drawn values, not with published weights');
  refuseQuantised(llm);
  const base = weights.kept === 'copy' ? join(modelFolder, weights.path) : weights.path;
  const { part: before } = await createPart(
    'languageModels',
    { use, options: options as Record<string, unknown>, weights: base },
    { loadPlugin, openWeights: openPublishedWeights, context: { random: createRandomStream(0), tokenizer } },
  );
  try {
    const [old, learnt] = [await written.checkpoint(before), await written.checkpoint(llm)];
    const { config, tensors } = loraOfChange(old.tensors, learnt.tensors, base);
    await mkdir(out, { recursive: true });
    const saved = tensors.map(({ name, shape, values }) => ({
      name,
      shape,
      dtype: 'F32' as const,
      data: values,
    }));
    await writeSafetensorsFile(join(out, 'adapter_model.safetensors'), saved, { format: 'pt' });
    await writeFileAtomically(join(out, 'adapter_config.json'), `${JSON.stringify(config, null, 2)}\n`);
    return tensors;
  } finally {
    before.dispose();
  }
}

const refused = (fault: string): EimError =>
  new EimError({
    code: 'invalid-argument',
    message: `The run cannot be written for 'peft': ${fault}.`,
    advice: 'An adapter says what a published LLM has learnt by `select: {lora: {rank: r}}`.',
  });
