import type { LanguageModel } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { languageModelStartCase } from './block-start-cases.js';
import { cacheCases } from './cache-cases.js';
import { type ConformanceCase, type CreatePart, partCase } from './conformance-case.js';
import { demandClose, demandShape } from './demand.js';
import { generationCases } from './generation-cases.js';
import { insertionPointCases } from './insertion-point-cases.js';
import { linearTuningCases } from './linear-tuning-cases.js';
import { parametricCases } from './parametric-cases.js';
import { readFlat } from './read-outputs.js';
import { recomputationCase } from './recomputation-case.js';

export interface LanguageModelConformanceOptions {
  /** Needs a context of at least 8 positions. */
  readonly create: CreatePart<LanguageModel>;
}

/** The checks that a language model has to pass; run them with any test runner on a started engine. */
export function languageModelConformance({ create }: LanguageModelConformanceOptions): ConformanceCase[] {
  const logits = (llm: LanguageModel, rows = ids(llm)) => llm.forward(llm.embed(rows)).logits;
  return [
    partCase('embeddings and logits have the shapes of the contract', create, (llm) => {
      tf.tidy(() => {
        const embeddings = llm.embed(ids(llm));
        demandShape(embeddings.shape, [BATCH, LENGTH, llm.hiddenSize], 'the embeddings');
        demandShape(llm.forward(embeddings).logits.shape, [BATCH * LENGTH, llm.vocabularySize], 'the logits');
      });
    }),

    partCase('select gives the logits of those rows, in that order', create, async (llm) => {
      const all = await readFlat(() => [logits(llm)]);
      const rows = [7, 0, 9, 7];
      const selected = await readFlat(() => {
        const select = tf.tensor1d(rows, 'int32');
        return [llm.forward(llm.embed(ids(llm)), { select }).logits];
      });
      const size = llm.vocabularySize;
      const expected = rows.flatMap((row) => all.slice(row * size, (row + 1) * size));
      demandClose(selected, expected, 1e-4, 'the selected logits');
    }),

    partCase('no position sees a later one', create, async (llm) => {
      const whole = await readFlat(() => [logits(llm)]);
      const first = await readFlat(() => [logits(llm, tf.slice(ids(llm), [0, 0], [BATCH, 2]))]);
      demandClose(
        positionsOf(whole, llm, LENGTH, 2),
        first,
        1e-4,
        'the first two positions of a longer text',
      );
    }),

    partCase('padding behind a mask changes nothing', create, async (llm) => {
      const short = await readFlat(() => [logits(llm, tf.slice(ids(llm), [0, 0], [BATCH, 3]))]);
      const behind = await readFlat(() => {
        const real = Array.from({ length: BATCH }, () => [1, 1, 1, 0, 0]);
        return [llm.forward(llm.embed(ids(llm)), { mask: tf.tensor2d(real) }).logits];
      });
      demandClose(positionsOf(behind, llm, LENGTH, 3), short, 1e-4, 'a text with padding after it');
      const before = await readFlat(() => {
        const text = tf.slice(ids(llm), [0, 0], [BATCH, 3]);
        const padded = tf.concat([tf.slice(ids(llm), [0, 3], [BATCH, 2]), text], 1) as tf.Tensor2D;
        const rows = (values: number[]) => Array.from({ length: BATCH }, () => values);
        const mask = tf.tensor2d(rows([0, 0, 1, 1, 1]));
        const positions = tf.tensor2d(rows([0, 0, 0, 1, 2]), undefined, 'int32');
        const all = llm.forward(llm.embed(padded), { mask, positions }).logits; // [B*T, V]
        return [tf.slice(tf.reshape(all, [BATCH, LENGTH, -1]), [0, 2, 0], [BATCH, 3, -1])];
      });
      demandClose(before, short, 1e-4, 'a text with padding before it, positions given');
    }),

    partCase('a cached pass gives what one pass gives', create, async (llm) => {
      const whole = await readFlat(() => [logits(llm)]);
      const parts = await readFlat(() => {
        const first = llm.forward(llm.embed(tf.slice(ids(llm), [0, 0], [BATCH, 3])), { useCache: true });
        const rest = llm.embed(tf.slice(ids(llm), [0, 3], [BATCH, 2]));
        const rows = Array.from({ length: BATCH }, (_, row) => row);
        const gathered = first.cache!.gather(rows);
        const mask = tf.ones<tf.Rank.R2>([BATCH, LENGTH]);
        const { logits: later, cache } = llm.forward(rest, { cache: gathered, mask, useCache: true });
        for (const held of [first.cache!, gathered, cache!]) held.dispose();
        return [first.logits, later];
      });
      const size = llm.vocabularySize;
      const split = BATCH * 3 * size;
      demandClose(parts.slice(0, split), positionsOf(whole, llm, LENGTH, 3), 1e-4, 'the cached positions');
      const later = Array.from({ length: BATCH }, (_, row) =>
        whole.slice((row * LENGTH + 3) * size, (row + 1) * LENGTH * size),
      );
      demandClose(parts.slice(split), later.flat(), 1e-4, 'the positions after the cached ones');
    }),

    partCase('a row does not depend on the others of its batch', create, async (llm) => {
      const apart: number[] = [];
      for (let row = 0; row < BATCH; row++) {
        apart.push(...(await readFlat(() => [logits(llm, tf.slice(ids(llm), [row, 0], [1, LENGTH]))])));
      }
      demandClose(await readFlat(() => [logits(llm)]), apart, 1e-4, 'the logits in a batch');
    }),

    partCase('training with one random state is repeatable', create, async (llm) => {
      const run = () =>
        readFlat(() => {
          const random = createRandomStream('dropout');
          return [llm.forward(llm.embed(ids(llm)), { training: true, random }).logits];
        });
      demandClose(await run(), await run(), 0, 'a second training pass with the same random state');
    }),

    ...cacheCases(create),
    ...generationCases(create),
    ...insertionPointCases(create, (llm, blockAdapters) => [
      llm.forward(llm.embed(ids(llm)), { injection: { blockAdapters } }).logits,
    ]),
    ...linearTuningCases(create, (llm, injection) => [
      llm.forward(llm.embed(ids(llm)), { injection }).logits,
    ]),
    languageModelStartCase(create, ids),
    recomputationCase(create, (llm, pass) => [llm.forward(llm.embed(ids(llm)), pass).logits]),
    ...parametricCases({ create, outputs: (llm: LanguageModel) => [logits(llm)] }),
  ];
}

const BATCH = 2;
const LENGTH = 5;

/** `[B, T]` int32, the same at every call */
const ids = ({ vocabularySize }: LanguageModel): tf.Tensor2D => {
  const random = createRandomStream('ids');
  const drawn = Array.from({ length: BATCH * LENGTH }, () => random.integer(vocabularySize));
  return tf.tensor2d(drawn, [BATCH, LENGTH], 'int32');
};

/** The first `count` positions of each row of flat logits `[B * length, V]`. */
const positionsOf = (
  flat: readonly number[],
  llm: LanguageModel,
  length: number,
  count: number,
): number[] => {
  const row = length * llm.vocabularySize;
  const kept = count * llm.vocabularySize;
  return Array.from({ length: BATCH }, (_, index) => flat.slice(index * row, index * row + kept)).flat();
};
