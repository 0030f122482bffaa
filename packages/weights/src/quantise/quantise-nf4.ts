import { dynamicMap } from './dynamic-map.js';
import { NF4_BYTES, NF4_ELEMENTS, NF4_NUMBERS } from './nf4-format.js';

/** Scales that share a scale of their own. */
const SCALES = 256;
/** bitsandbytes divides by no smaller scale. */
const LEAST_SCALE = Math.fround(1e-38);
const NF4_BOUNDS = boundsOf(NF4_NUMBERS);

/**
 * A tensor in NF4 with double quantisation (Dettmers et al. 2023, "QLoRA", section 3; bitsandbytes' `quantize_4bit` with
 * `compress_statistics`): each 64 values over their largest size go to the nearest of the sixteen numbers, the lower of two; these sizes, less
 * their mean, go in 256s over their own largest to eight bits of the dynamic type, and what comes back is the blocks' scale.
 */
export class Nf4Quantiser {
  private readonly scales: Float32Array;
  /** Whole blocks; their scales come last. */
  private readonly bytes: Uint8Array;
  private done = 0;

  /** @param elements of the tensor: whole blocks */
  constructor(elements: number) {
    this.scales = new Float32Array(elements / NF4_ELEMENTS);
    this.bytes = new Uint8Array(this.scales.length * NF4_BYTES);
  }

  /** @param floats the next of the tensor's values: whole blocks */
  add(floats: Float32Array): void {
    for (let from = 0; from < floats.length; from += NF4_ELEMENTS, this.done++) {
      let largest = 0;
      for (let i = from; i < from + NF4_ELEMENTS; i++) largest = Math.max(largest, Math.abs(floats[i]!));
      this.scales[this.done] = largest;
      const inverse = Math.fround(1 / Math.max(largest, LEAST_SCALE));
      const at = this.done * NF4_BYTES + 4;
      for (let i = 0; i < NF4_ELEMENTS; i++) {
        const number = nearest(NF4_BOUNDS, Math.fround(floats[from + i]! * inverse));
        this.bytes[at + (i >> 5) * 16 + (i & 15)]! |= i & 16 ? number << 4 : number;
      }
    }
  }

  /** @returns the whole tensor in blocks */
  finish(): Uint8Array {
    const view = new DataView(this.bytes.buffer);
    for (const [block, scale] of twiceQuantised(this.scales).entries())
      view.setFloat32(block * NF4_BYTES, scale, true);
    return this.bytes;
  }
}

/** Halfway between neighbours. */
function boundsOf(numbers: Float32Array): Float32Array {
  return numbers.subarray(1).map((number, index) => Math.fround(numbers[index]! + number) / 2);
}

/** The place of the nearest number: how many bounds lie below. */
function nearest(bounds: Float32Array, value: number): number {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bounds[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What eight bits, a scale for each 256 and the mean bring back of some scales. */
function twiceQuantised(scales: Float32Array): Float32Array {
  const map = dynamicMap();
  const bounds = boundsOf(map);
  const mean = Math.fround(scales.reduce((sum, scale) => sum + scale, 0) / scales.length);
  const rest = scales.map((scale) => scale - mean);
  const result = new Float32Array(scales.length);
  for (let from = 0; from < rest.length; from += SCALES) {
    const group = rest.subarray(from, from + SCALES);
    const largest = group.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const inverse = Math.fround(1 / Math.max(largest, LEAST_SCALE));
    for (const [index, value] of group.entries()) {
      const number = map[nearest(bounds, Math.fround(value * inverse))]!;
      result[from + index] = Math.fround(number * largest) + mean;
    }
  }
  return result;
}
