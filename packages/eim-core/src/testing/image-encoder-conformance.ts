import type { ImageEncoder, WholeEncodedImages } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { hiddenShapeOf } from '../compose/expand-rows.js';
import { encoderStartCase } from './block-start-cases.js';
import { type ConformanceCase, type CreatePart, partCase } from './conformance-case.js';
import { demand, demandClose, demandShape } from './demand.js';
import { insertionPointCases } from './insertion-point-cases.js';
import { keptPatchesCase } from './kept-patches-case.js';
import { parametricCases } from './parametric-cases.js';
import { readFlat } from './read-outputs.js';
import { recomputationCase } from './recomputation-case.js';

export interface ImageEncoderConformanceOptions {
  readonly create: CreatePart<ImageEncoder>;
}

/** The checks that an image encoder has to pass; run them with any test runner on a started engine. */
export function imageEncoderConformance({ create }: ImageEncoderConformanceOptions): ConformanceCase[] {
  const outputs = (encoder: ImageEncoder) => listed(encoder.encode(pictures(encoder), allHidden(encoder)));
  return [
    partCase('outputs have the shapes that the encoder states', create, (encoder) => {
      tf.tidy(() => {
        const encoded = encoder.encode(pictures(encoder), allHidden(encoder));
        const { pooledSize, tokenCount, tokenSize, blockCount } = encoder;
        demandShape(encoded.pooled.shape, [BATCH, pooledSize], 'pooled');
        demandShape(encoded.tokens.shape, [BATCH, tokenCount, tokenSize], 'tokens');
        for (let block = 1; block <= blockCount; block++) {
          const hidden = encoded.hidden?.get(block);
          demand(hidden !== undefined, `the hidden layer ${block} was asked for and is absent`);
          const shape = hiddenShapeOf(encoder, block);
          demandShape(hidden.shape, [BATCH, ...shape], `the hidden layer ${block}`);
        }
        demand(encoded.hidden?.size === blockCount, 'hidden holds other layers than those asked for');
        const plain = encoder.encode(pictures(encoder));
        demand(plain.hidden === undefined || plain.hidden.size === 0, 'hidden layers come unasked');
      });
    }),

    partCase('a picture does not depend on the others of its batch', create, async (encoder) => {
      const together = await readFlat(() => [encoder.encode(pictures(encoder)).pooled]);
      const apart: number[] = [];
      for (let row = 0; row < BATCH; row++) {
        const one = () => tf.slice(pictures(encoder), [row, 0, 0, 0], [1, -1, -1, -1]);
        apart.push(...(await readFlat(() => [encoder.encode(one()).pooled])));
      }
      demandClose(together, apart, 1e-4, 'pooled in a batch, against each alone');
    }),

    partCase('different pictures give different vectors', create, async (encoder) => {
      const pooled = await readFlat(() => [encoder.encode(pictures(encoder)).pooled]);
      const size = encoder.pooledSize;
      const differs = pooled
        .slice(0, size)
        .some((value, index) => Math.abs(value - pooled[size + index]!) > 1e-6);
      demand(differs, 'two different pictures have the same pooled vector');
    }),

    partCase('training with one random state is repeatable', create, async (encoder) => {
      const run = () =>
        readFlat(() => {
          const random = createRandomStream('dropout');
          return listed(encoder.encode(pictures(encoder), { training: true, random }));
        });
      demandClose(await run(), await run(), 0, 'a second training pass with the same random state');
    }),

    ...insertionPointCases(create, (encoder, blockAdapters) =>
      listed(encoder.encode(pictures(encoder), { injection: { blockAdapters } })),
    ),
    keptPatchesCase(create, pictures),
    encoderStartCase(create, pictures),
    recomputationCase(create, (encoder, pass) => listed(encoder.encode(pictures(encoder), pass))),
    ...parametricCases({ create, outputs }),
  ];
}

const BATCH = 3;

/** `[B, S, S, 3]`, the same at every call */
const pictures = ({ preprocessing: { imageSize } }: ImageEncoder): tf.Tensor4D => {
  const drawn = createRandomStream('pictures').uniformTensor([BATCH, imageSize, imageSize, 3]);
  return tf.sub(tf.mul(drawn, 2), 1) as tf.Tensor4D;
};

const allHidden = ({ blockCount }: ImageEncoder) => ({
  hiddenLayers: Array.from({ length: blockCount }, (_, index) => index + 1),
});

const listed = ({ pooled, tokens, hidden }: WholeEncodedImages): tf.Tensor[] => [
  pooled,
  tokens,
  ...(hidden?.values() ?? []),
];
