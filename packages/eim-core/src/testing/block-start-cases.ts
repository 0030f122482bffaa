import type {
  ForwardOptions,
  ImageEncoder,
  Injection,
  InsertionPoint,
  LanguageModel,
  Tensor2D,
  Tensor4D,
} from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { type ConformanceCase, type CreatePart, partCase } from './conformance-case.js';
import { demand, demandClose } from './demand.js';
import { readFlat } from './read-outputs.js';

const NAME = 'from the hidden states after any block on equals the whole pass';
const TOLERANCE = 1e-5;

/** What an encoder owes that goes on from hidden states. */
export function encoderStartCase(
  create: CreatePart<ImageEncoder>,
  pictures: (encoder: ImageEncoder) => Tensor4D,
): ConformanceCase {
  const body = async (encoder: ImageEncoder) => {
    const { blockCount } = encoder;
    for (let block = 1; block <= blockCount; block++) {
      const injection = lastAdapter(encoder);
      const layers = blocksFrom(block, blockCount);
      const later = layers.slice(1);
      const whole = await readFlat(() => {
        const options = { injection, hiddenLayers: layers };
        const { pooled, tokens, hidden } = encoder.encode(pictures(encoder), options);
        return [pooled, tokens, ...later.map((n) => hidden!.get(n)!)];
      });
      const rest = await readFlat(() => {
        const { hidden: before } = encoder.encode(pictures(encoder), { injection, hiddenLayers: layers });
        const start = { block, hidden: before!.get(block)! };
        const { pooled, tokens, hidden } = encoder.encodeFrom!(start, { injection, hiddenLayers: later });
        demand((hidden?.size ?? 0) === later.length, 'hidden holds other layers than those asked for');
        return [pooled, tokens, ...later.map((n) => hidden!.get(n)!)];
      });
      demandClose(rest, whole, TOLERANCE, `what follows block ${block}`);
    }
  };
  return partCase(NAME, create, body, ({ encodeFrom }) =>
    encodeFrom ? undefined : 'the encoder cannot start inside',
  );
}

/** What a language model owes that goes on from hidden states. @param ids `[B, T]`, T of at least 4 */
export function languageModelStartCase(
  create: CreatePart<LanguageModel>,
  ids: (llm: LanguageModel) => Tensor2D,
): ConformanceCase {
  const body = async (llm: LanguageModel) => {
    for (let block = 1; block <= llm.blockCount; block++) {
      const options = () => ({ ...paddedRows(ids(llm).shape), injection: lastAdapter(llm) });
      const whole = await readFlat(() => [llm.forward(llm.embed(ids(llm)), options()).logits]);
      const rest = await readFlat(() => {
        const { hidden } = llm.forward(llm.embed(ids(llm)), { ...options(), hiddenLayers: [block] });
        const before = hidden?.get(block);
        demand(before !== undefined, `the hidden states after block ${block} were asked for and are absent`);
        return [llm.forwardFrom!({ block, hidden: before }, options()).logits];
      });
      demandClose(rest, whole, TOLERANCE, `what follows block ${block}`);
    }
  };
  return partCase(NAME, create, body, ({ forwardFrom }) =>
    forwardFrom ? undefined : 'the model cannot start inside',
  );
}

/** Two slots of padding before every row, and logits of two rows out of order. */
function paddedRows([rows, length]: readonly [number, number]): ForwardOptions {
  const each = (value: (slot: number) => number) =>
    Array.from({ length: rows }, () => Array.from({ length }, (_, slot) => value(slot)));
  return {
    mask: tf.tensor2d(each((slot) => (slot < 2 ? 0 : 1))),
    positions: tf.tensor2d(
      each((slot) => Math.max(0, slot - 2)),
      undefined,
      'int32',
    ),
    select: tf.tensor1d([length - 1, 2], 'int32'),
  };
}

/** An adapter in the last block that has one; it acts in the whole pass and, where its block is still to come, in the rest. */
function lastAdapter({
  insertionPoints,
}: {
  readonly insertionPoints: readonly InsertionPoint[];
}): Injection {
  const point = insertionPoints.at(-1);
  const apply = (hidden: Tensor2D): Tensor2D => tf.mul(hidden, 0.5);
  return { blockAdapters: new Map(point ? [[point.name, { apply }]] : []) };
}

const blocksFrom = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
