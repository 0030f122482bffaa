import type { ImageEncoder, WholeEncodedImages } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { type ConformanceCase, type CreatePart, partCase } from './conformance-case.js';
import { demand, demandClose, demandShape } from './demand.js';
import { readFlat } from './read-outputs.js';

const TOLERANCE = 1e-4;

/** What an encoder owes that looks at some patches of a picture. @param pictures `[B, S, S, 3]` */
export function keptPatchesCase(
  create: CreatePart<ImageEncoder>,
  pictures: (encoder: ImageEncoder) => tf.Tensor4D,
): ConformanceCase {
  const body = async (encoder: ImageEncoder) => {
    const patchCount = encoder.patchCount!;
    const batch = tf.tidy(() => pictures(encoder).shape[0]);
    const kept = (rows: readonly (readonly number[])[]) =>
      tf.tensor2d(
        rows.map((row) => [...row]),
        undefined,
        'int32',
      );
    const all = Array.from({ length: patchCount }, (_, patch) => patch);
    const whole = await readFlat(() => listed(encoder.encode(pictures(encoder), everyBlock(encoder))));
    const named = await readFlat(() => {
      const keptPatches = kept(Array.from({ length: batch }, () => all));
      return listed(encoder.encode(pictures(encoder), { ...everyBlock(encoder), keptPatches }));
    });
    demandClose(named, whole, TOLERANCE, 'all patches kept, against whole pictures');

    const count = Math.ceil(patchCount / 2);
    const halves = Array.from({ length: batch }, (_, row) =>
      [...all.slice(row % 2), 0].slice(0, count).sort((a, b) => a - b),
    );
    const tokens = encoder.tokenCount - patchCount + count;
    const together = await readFlat(() => {
      const options = { ...everyBlock(encoder), keptPatches: kept(halves) };
      const encoded = encoder.encode(pictures(encoder), options);
      demandShape(encoded.pooled.shape, [batch, encoder.pooledSize], 'pooled of some patches');
      demandShape(encoded.tokens.shape, [batch, tokens, encoder.tokenSize], 'tokens of some patches');
      for (const hidden of encoded.hidden!.values())
        demandShape(hidden.shape.slice(0, 2), [batch, tokens], 'a hidden layer of some patches');
      return [encoded.pooled];
    });
    const apart: number[] = [];
    for (const [row, half] of halves.entries()) {
      const one = () => tf.slice(pictures(encoder), [row, 0, 0, 0], [1, -1, -1, -1]);
      apart.push(...(await readFlat(() => [encoder.encode(one(), { keptPatches: kept([half]) }).pooled])));
    }
    demandClose(together, apart, TOLERANCE, 'pooled of some patches in a batch, against each alone');

    let seeing = 0;
    for (const patch of all) {
      const pooled = (changed: boolean) =>
        readFlat(() => {
          const picture = tf.slice(pictures(encoder), [0, 0, 0, 0], [1, -1, -1, -1]);
          const shown = changed ? withOtherCorner(picture) : picture;
          return [encoder.encode(shown, { keptPatches: kept([[patch]]) }).pooled];
        });
      const [before, after] = [await pooled(false), await pooled(true)];
      if (before.some((value, index) => value !== after[index])) seeing += 1;
    }
    demand(seeing > 0, 'no patch sees the first pixel');
    demand(seeing < patchCount || patchCount === 1, 'patches that are left out are looked at');
  };
  return partCase('looks at those patches alone that are kept', create, body, ({ patchCount }) =>
    patchCount === undefined ? 'the encoder has no patchCount' : undefined,
  );
}

const everyBlock = ({ blockCount }: ImageEncoder) => ({
  hiddenLayers: Array.from({ length: blockCount }, (_, index) => index + 1),
});

const listed = ({ pooled, tokens, hidden }: WholeEncodedImages): tf.Tensor[] => [
  pooled,
  tokens,
  ...(hidden?.values() ?? []),
];

/** The picture with another first pixel. */
function withOtherCorner(picture: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = picture.shape;
  const corner = tf.pad(tf.ones([1, 1, 1, 3]), [
    [0, 0],
    [0, height - 1],
    [0, width - 1],
    [0, 0],
  ]);
  return tf.add(picture, corner) as tf.Tensor4D;
}
