import { resolve } from 'node:path';
import type { ComputeMode } from '@eim/contracts/model';
import { tidied } from '@eim/nn';
import { writeSafetensorsFile } from '@eim/weights/node';
import { tensor2d } from '@tensorflow/tfjs-core';
import { completeContext, type RunsContext } from '../context.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { checkIds } from './check-ids.js';
import { computeOf } from './compute-of.js';
import type { ModelSpec } from './load-published.js';
import { loadPublishedLanguageModel } from './load-published.js';
import type { WrittenTensors } from './write-features.js';

/** A written file, and how its logits were computed. */
export interface WrittenLogits extends WrittenTensors {
  readonly compute: ComputeMode;
}

export interface WriteLogitsOptions extends RunsContext {
  readonly llm: ModelSpec;
  readonly ids: readonly number[];
  /** The safetensors file to write. */
  readonly out: string;
}

/**
 * Runs a published LLM over token ids and writes `logits` `[1, T, V]`. No begin token is added.
 * @throws EimError naming ids or weights
 *
 * @example
 * await writeLogits({ packages, llm: { path: '/models/gpt2' }, ids: [464, 2068], out: 'logits.safetensors' });
 */
export async function writeLogits(options: WriteLogitsOptions): Promise<WrittenLogits> {
  const context = completeContext(options);
  const ids = [...options.ids];
  const engine = await startChosenEngine(context);
  const model = await loadPublishedLanguageModel(options.llm, { engine, context });
  try {
    checkIds(ids, model);
    const { logits } = tidied(() => ({
      logits: model.forward(model.embed(tensor2d([ids], undefined, 'int32'))).logits, // [T, V]
    }));
    const data = Float32Array.from(await logits.data());
    logits.dispose();
    const shape = [1, ids.length, model.vocabularySize];
    const path = resolve(context.workingFolder, options.out);
    await writeSafetensorsFile(path, [{ name: 'logits', dtype: 'F32', shape, data }]);
    return { out: path, tensors: { logits: shape }, compute: computeOf(model) };
  } finally {
    model.dispose();
  }
}
