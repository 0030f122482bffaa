import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LanguageModel, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { loadLlama } from '@eim/llm-llama';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { fixtureFolder, readExpected } from './expected-tensors.js';

interface GeneratedRows {
  readonly beams: number;
  readonly lengthPenalty: number;
  readonly ids: readonly (readonly number[])[];
}

const folder = fixtureFolder('llm-llama');

/** Compares greedy decoding and beam search with transformers' `generate`, token by token. */
export async function generatedTokens(): Promise<{ line: string; equal: boolean }[]> {
  const requests = JSON.parse(readFileSync(join(folder, 'generated.json'), 'utf8')) as GeneratedRows[];
  const expected = await readExpected(join(folder, 'expected.safetensors'));
  const weights = await openPublishedWeights(join(folder, 'hugging-face'));
  const model = await loadLlama(weights);
  await weights.close();
  const embeddings = tf.tidy(() => {
    const ids = tf.cast(tf.slice(expected('ids') as Tensor2D, [0, 0], [2, 6]), 'int32') as Tensor2D;
    return model.embed(ids);
  });
  const lines: { line: string; equal: boolean }[] = [];
  for (const request of requests) {
    const rows = await generate(model, embeddings, request);
    const equal = JSON.stringify(rows) === JSON.stringify(request.ids);
    const how =
      request.beams === 1
        ? 'greedy decoding'
        : `${request.beams} beams, length penalty ${request.lengthPenalty}`;
    lines.push({
      line: `LLaMA, ${how}: ids ${equal ? 'as' : 'NOT as'} \`generate\` of transformers gives them.`,
      equal,
    });
  }
  embeddings.dispose();
  model.dispose();
  return lines;
}

async function generate(
  model: LanguageModel,
  embeddings: Tensor3D,
  { beams, lengthPenalty }: GeneratedRows,
): Promise<number[][]> {
  const rows: number[][] = [[], []];
  const stopTokens = model.stopTokens ?? [];
  for await (const step of model.generate({
    embeddings,
    beams,
    lengthPenalty,
    maxNewTokens: 12,
    stopTokens,
  })) {
    for (const [row, added] of step.ids.entries()) rows[row]!.push(...added);
  }
  return rows;
}
