import { resolve } from 'node:path';
import { tidied } from '@eim/nn';
import { writeSafetensorsFile } from '@eim/weights/node';
import { tensor2d } from '@tensorflow/tfjs-core';
import type { Terminal } from '../command/terminal.js';
import { startChosenEngine } from '../start-chosen-engine.js';
import { loadPublishedLanguageModel } from './load-published.js';
import { parseModelSpec } from './model-spec.js';
import { checkIds, parseIds } from './parse-ids.js';
import type { WrittenTensors } from './write-features.js';

export interface WriteLogitsOptions {
  readonly llm: string;
  readonly weights: string | undefined;
  readonly ids: string;
  readonly out: string;
  readonly engine: string | undefined;
  readonly terminal: Terminal;
}

/** Runs an LLM over token ids and writes `logits` `[1, T, V]`. @throws EimError naming ids or weights */
export async function writeLogits(options: WriteLogitsOptions): Promise<WrittenTensors> {
  const { terminal } = options;
  const ids = parseIds(options.ids);
  const spec = parseModelSpec('--llm', options.llm, options.weights, terminal.workingFolder);
  const engine = await startChosenEngine(terminal, options.engine);
  const model = await loadPublishedLanguageModel(spec, { engine, workingFolder: terminal.workingFolder });
  try {
    checkIds(ids, model);
    const { logits } = tidied(() => ({
      logits: model.forward(model.embed(tensor2d([ids], undefined, 'int32'))).logits, // [T, V]
    }));
    const data = Float32Array.from(await logits.data());
    logits.dispose();
    const shape = [1, ids.length, model.vocabularySize];
    const path = resolve(terminal.workingFolder, options.out);
    await writeSafetensorsFile(path, [{ name: 'logits', dtype: 'F32', shape, data }]);
    return { out: path, tensors: { logits: shape } };
  } finally {
    model.dispose();
  }
}
