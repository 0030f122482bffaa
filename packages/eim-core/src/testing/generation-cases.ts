import type { GenerateRequest, LanguageModel } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { type ConformanceCase, type CreatePart, partCase } from './conformance-case.js';
import { demand } from './demand.js';
import { readFlat } from './read-outputs.js';

const BATCH = 2;
const NEW_TOKENS = 4;

/** What `generate` owes: greedy choice, its end, independence of rows, and being stopped. */
export function generationCases(create: CreatePart<LanguageModel>): ConformanceCase[] {
  return [
    partCase('greedy decoding takes the most probable token at every step', create, async (llm) => {
      const generated = await decode(llm, { maxNewTokens: NEW_TOKENS, stopTokens: [] });
      for (let row = 0; row < BATCH; row++) {
        const expected: number[] = [];
        for (let step = 0; step < NEW_TOKENS; step++) expected.push(await mostProbable(llm, row, expected));
        demand(
          String(generated[row]) === String(expected),
          `row ${row} gives ${generated[row]} and should give ${expected}`,
        );
      }
    }),

    partCase('a stop token ends its row and is not part of it', create, async (llm) => {
      const free = await decode(llm, { maxNewTokens: NEW_TOKENS, stopTokens: [] });
      const stop = free[0]![1]!;
      const stopped = await decode(llm, { maxNewTokens: NEW_TOKENS, stopTokens: [stop] });
      for (let row = 0; row < BATCH; row++) {
        const end = free[row]!.indexOf(stop);
        const expected = end < 0 ? free[row]! : free[row]!.slice(0, end);
        demand(
          String(stopped[row]) === String(expected),
          `with the stop token ${stop} row ${row} gives ${stopped[row]} and should give ${expected}`,
        );
      }
    }),

    partCase('an aborted signal stops decoding, at once and in the middle', create, async (llm) => {
      const request = { maxNewTokens: NEW_TOKENS, stopTokens: [] };
      const reasons = { early: new Error('early'), late: new Error('late') };
      const early = await caught(decode(llm, { ...request, signal: AbortSignal.abort(reasons.early) }));
      demand(early === reasons.early, `an aborted signal gave ${String(early)}`);
      const controller = new AbortController();
      let steps = 0;
      const late = await caught(
        decode(llm, { ...request, signal: controller.signal }, () => {
          steps++;
          controller.abort(reasons.late);
        }),
      );
      demand(late === reasons.late, `aborting after a step gave ${String(late)}`);
      demand(steps === 1, `${steps} steps came although the first one aborted`);
    }),

    partCase('a consumer that leaves early leaves no tensor behind', create, async (llm) => {
      const embeddings = prompt(llm);
      for await (const step of llm.generate({ embeddings, maxNewTokens: NEW_TOKENS, stopTokens: [] })) {
        demand(step.ids.length === BATCH, `a step has ${step.ids.length} rows`);
        break;
      }
      embeddings.dispose();
    }),
  ];
}

/** `[B, 3, hiddenSize]`, the same at every call */
const prompt = (llm: LanguageModel): tf.Tensor3D => {
  const random = createRandomStream('prompt');
  const ids = Array.from({ length: BATCH * 3 }, () => random.integer(llm.vocabularySize));
  return tf.tidy(() => llm.embed(tf.tensor2d(ids, [BATCH, 3], 'int32')));
};

async function decode(
  llm: LanguageModel,
  request: Omit<GenerateRequest, 'embeddings'>,
  onStep: () => void = () => {},
): Promise<number[][]> {
  const embeddings = prompt(llm);
  const rows: number[][] = Array.from({ length: BATCH }, () => []);
  try {
    for await (const { ids } of llm.generate({ ...request, embeddings })) {
      ids.forEach((added, row) => void rows[row]!.push(...added));
      onStep();
    }
    return rows;
  } finally {
    embeddings.dispose();
  }
}

/** The most probable id after the prompt of a row and what follows it, by one uncached pass. */
async function mostProbable(llm: LanguageModel, row: number, following: readonly number[]): Promise<number> {
  const logits = await readFlat(() => {
    const start = tf.slice(prompt(llm), [row, 0, 0], [1, -1, -1]);
    const length = 3 + following.length;
    const text =
      following.length === 0
        ? start
        : tf.concat([start, llm.embed(tf.tensor2d([[...following]], undefined, 'int32'))], 1);
    return [llm.forward(text, { select: tf.tensor1d([length - 1], 'int32') }).logits];
  });
  return logits.indexOf(logits.reduce((greatest, value) => Math.max(greatest, value)));
}

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing thrown',
    (error: unknown) => error,
  );
