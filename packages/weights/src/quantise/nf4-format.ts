import type { BlockFormat } from '@eim/contracts';

/** Elements that share a scale. */
export const NF4_ELEMENTS = 64;
/** A float of scale, then four bits for each element. */
export const NF4_BYTES = 36;

/**
 * NormalFloat4: the quantiles of a normal distribution, scaled to [-1, 1], with an exact 0 (Dettmers et al. 2023, "QLoRA", section 3 and
 * appendix E).
 */
export const NF4_NUMBERS = Float32Array.of(
  -1,
  -0.6961928009986877,
  -0.5250730514526367,
  -0.39491748809814453,
  -0.28444138169288635,
  -0.18477343022823334,
  -0.09105003625154495,
  0,
  0.07958029955625534,
  0.16093020141124725,
  0.24611230194568634,
  0.33791524171829224,
  0.44070982933044434,
  0.5626170039176941,
  0.7229568362236023,
  1,
);

/**
 * Blocks of 64 elements: their scale, already widened from its eight bits, and their numbers. Of each sixteen bytes the low halves are
 * sixteen elements, the high ones the next sixteen.
 */
export const NF4: BlockFormat = {
  name: 'nf4',
  blockElements: NF4_ELEMENTS,
  blockBytes: NF4_BYTES,
  widen(blocks, floats) {
    const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.byteLength);
    for (let to = 0, at = 0; to < floats.length; to += NF4_ELEMENTS, at += NF4_BYTES) {
      const scale = view.getFloat32(at, true);
      for (let byte = 0; byte < NF4_ELEMENTS / 2; byte++) {
        const packed = blocks[at + 4 + byte]!;
        const place = to + (byte & 16) * 2 + (byte & 15);
        floats[place] = NF4_NUMBERS[packed & 15]! * scale;
        floats[place + 16] = NF4_NUMBERS[packed >> 4]! * scale;
      }
    }
  },
};
