import type { Tensor } from '@tensorflow/tfjs-core';
import { BLOCK_FORMAT_NUMBERS, FAST } from '../quantised/block-format-numbers.js';
import { isFast } from '../quantised/compute-mode.js';
import type { QuantisedMatrix } from '../quantised/quantised-matrix.js';
import type { DecodeBlocksCall } from './decode-blocks-call.js';
import type { DecoderMatrix } from './decoder-block.js';

/** Parts of a matrix that a kernel has room for: query, key and value may each be in a format of their own. */
export const MOST_PARTS = 3;
const SIZE_WORDS = 16;
const PART_WORDS = 5;
const MATRIX_WORDS = 2 + MOST_PARTS * PART_WORDS;
const BLOCK_WORDS = 2 + 5 * MATRIX_WORDS;

/** Where a kernel finds a tensor, as a whole number; what it finds of none, too. */
export type Locate = (tensor: Tensor | undefined) => number;

/** One step as the kernels read it, and where its parts begin, in words. */
export interface DecoderWords {
  readonly words: Int32Array;
  readonly texts: number;
  readonly blocks: number;
}

/**
 * One step of decoding as the words that the kernels of all engines read, in the order of `DecoderSizes`, three lists over texts and
 * `DecoderBlock` of wasm-kernels/decoder.h and native/tensorflow/decoder.h.
 * @param panelRows rows of a matrix that are widened at a time
 */
export function decoderWords(call: DecodeBlocksCall, locate: Locate, panelRows = 0): DecoderWords {
  const { shape, blocks, caches, firsts, slots, positions, bias } = call;
  const [rows, size] = call.x.shape;
  const list = 4 * Math.ceil(firsts.length / 4);
  const start = SIZE_WORDS + 3 * list;
  const words = new Int32Array(start + blocks.length * BLOCK_WORDS);
  const width = call.cosine.shape[1];
  words.set([rows, size, shape.headCount, shape.keyValueHeadCount, width, blocks[0]!.gate.weight.rows]);
  const biasRows = bias ? bias.shape[0] * bias.shape[2] : 0;
  words.set([slots, blocks.length, biasRows], 6);
  new Float32Array(words.buffer).set([shape.epsilon, shape.slope, shape.cubic], 9);
  words.set([panelRows, positions, firsts.length], 12);
  words.set(firsts, SIZE_WORDS);
  words.set(
    caches.map(({ shape: [, , capacity] }) => capacity),
    SIZE_WORDS + list,
  );
  words.set(caches.map(locate), SIZE_WORDS + 2 * list);
  let at = start;
  const put = (value: number): void => {
    words[at++] = value;
  };
  for (const block of blocks) {
    put(locate(block.attentionGain));
    put(locate(block.feedForwardGain));
    for (const matrix of [block.queryKeyValue, block.attentionOutput, block.gate, block.input, block.output])
      putMatrix(matrix, put, locate);
  }
  return { words, texts: SIZE_WORDS, blocks: start };
}

const formatNumber = (weight: QuantisedMatrix, format: string): number =>
  BLOCK_FORMAT_NUMBERS[format]! + (isFast(weight, format) ? FAST : 0);

function putMatrix({ weight, bias }: DecoderMatrix, put: (value: number) => void, locate: Locate): void {
  put(weight.parts.length);
  put(locate(bias));
  for (let index = 0; index < MOST_PARTS; index++) {
    const part = weight.parts[index];
    put(part ? locate(part.store.tensor) : 0);
    put(part?.first ?? 0);
    put(part ? formatNumber(weight, part.store.format.name) : 0);
    put(part?.store.rowBytes ?? 0);
    put(part?.rows ?? 0);
  }
}
