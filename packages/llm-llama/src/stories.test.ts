import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor2D, Tensor3D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { loadLlama } from './load-llama.js';

const weightsFolder = join(process.env.EIM_DATA ?? '../shared/data', 'weights');
const file = join(weightsFolder, 'stories260K.bin');
const present = existsSync(file);
if (!present) console.warn(`skipped: ${file} is not there (set EIM_DATA)`);

/** Pieces of llama2.c's tokenizer file: longest length, then score, length and bytes of each. */
function readPieces(path: string): string[] {
  const bytes = readFileSync(path);
  const pieces: string[] = [];
  for (let at = 4; at < bytes.length; ) {
    const length = bytes.readInt32LE(at + 4);
    pieces.push(bytes.toString('utf8', at + 8, at + 8 + length));
    at += 8 + length;
  }
  return pieces;
}

describe.skipIf(!present)('stories260K, a LLaMA in llama2.c’s layout', () => {
  test('tells its published story byte for byte', async () => {
    await startEngine({ engine: 'wasm' });
    const weights = await openPublishedWeights(file);
    const model = await loadLlama(weights);
    await weights.close();
    expect(model).toMatchObject({ blockCount: 5, headCount: 8, vocabularySize: 512, contextLength: 512 });
    expect(model.stopTokens).toEqual([2, 1]);
    const pieces = readPieces(join(weightsFolder, 'stories260K_tok512.bin'));
    const embeddings = tf.tidy(() =>
      model.embed(tf.tensor2d([[1]], [1, 1], 'int32') as Tensor2D),
    ) as Tensor3D;
    let story = '';
    // 200 steps of llama2.c, the first of which reads the begin token
    for await (const { ids } of model.generate({
      embeddings,
      maxNewTokens: 200,
      stopTokens: model.stopTokens,
    })) {
      for (const id of ids[0]!)
        story += pieces[id]!.replace(/^<0x([0-9A-F]{2})>$/, (_, byte) =>
          String.fromCharCode(Number.parseInt(byte, 16)),
        );
    }
    const published = readFileSync(join(weightsFolder, 'stories260K_greedy_200.txt'), 'utf8');
    expect(story.trimStart()).toBe(published.trimEnd());
    tf.dispose(embeddings);
    model.dispose();
  });
});
