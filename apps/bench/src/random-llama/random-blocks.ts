import { floatsToHalves, ggufBlockElements, ggufStoredBytes } from '@eim/weights';

/** Forms whose blocks are made at random here. */
export const RANDOM_FORMS = ['q4_0', 'q4_k', 'q8_0'] as const;
export type RandomForm = (typeof RANDOM_FORMS)[number];

/** Standard deviation of the values, as LLaMA's own initialisation has it. */
const DEVIATION = 0.02;
const PIECE_BLOCKS = 2 ** 17;

/** Where a half stands that scales a block, and its value. */
interface Scale {
  readonly at: number;
  readonly value: number;
}

/** Layouts of ggml-common.h; whole numbers between two limits deviate by their distance / sqrt(12). */
const SCALES: Readonly<Record<RandomForm, readonly Scale[]>> = {
  q4_0: [{ at: 0, value: DEVIATION / (16 / Math.sqrt(12)) }],
  q8_0: [{ at: 0, value: DEVIATION / (256 / Math.sqrt(12)) }],
  // of each 32 a scale and a minimum of six bits, 32 at the mean, times these
  q4_k: [
    { at: 0, value: DEVIATION / (16 / Math.sqrt(12)) / 32 },
    { at: 2, value: (7.5 * DEVIATION) / (16 / Math.sqrt(12)) / 32 },
  ],
};

/** Marsaglia 2003, "Xorshift RNGs", with 32 bits of state: fast, and the same on every machine. */
function fillAtRandom(words: Uint32Array, seed: number): number {
  let state = seed | 0 || 1;
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return state;
}

/** A matrix of random blocks, piece by piece. @param shape rows that fill whole blocks */
export function* randomBlocks(
  shape: readonly number[],
  form: RandomForm,
  seed: number,
): Generator<Uint8Array> {
  const blockElements = ggufBlockElements(form);
  const blocks = shape.reduce((product, side) => product * side, 1) / blockElements;
  const blockBytes = ggufStoredBytes([blockElements], form);
  let state = seed;
  for (let from = 0; from < blocks; from += PIECE_BLOCKS) {
    const count = Math.min(PIECE_BLOCKS, blocks - from);
    const words = new Uint32Array(Math.ceil((count * blockBytes) / 4));
    state = fillAtRandom(words, state);
    const view = new DataView(words.buffer, 0, count * blockBytes);
    for (const { at, value } of SCALES[form]) {
      const half = floatsToHalves(Float32Array.of(value))[0]!;
      for (let block = 0; block < count; block++) view.setUint16(block * blockBytes + at, half, true);
    }
    yield new Uint8Array(words.buffer, 0, count * blockBytes);
  }
}
