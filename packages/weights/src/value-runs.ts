import type { PublishedRun } from '@eim/contracts';
import { widenBfloats, widenHalves } from './half.js';
import type { RandomAccessSource } from './random-access-source.js';
import { readInto } from './random-access-source.js';

export type ValueRun = PublishedRun;

/** How floats are stored: so many elements in so many bytes. */
export interface StoredFloats {
  readonly blockElements: number;
  readonly blockBytes: number;
  /** Writes the floats that whole blocks stand for. */
  readonly decode: (bytes: Uint8Array, floats: Float32Array) => void;
}

/** Where a tensor lies, and in what form. */
export interface StoredTensor {
  /** Of its bytes in the source. */
  readonly offset: number;
  readonly elements: number;
  /** Elements that stay together: runs hold whole rows. */
  readonly rowLength: number;
  readonly stored: StoredFloats;
}

/** Types whose bytes become floats without a check of each value. */
export const FLOAT_STORAGE = {
  F32: {
    blockElements: 1,
    blockBytes: 4,
    decode: (bytes, floats) => new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength).set(bytes),
  },
  F16: {
    blockElements: 1,
    blockBytes: 2,
    decode: (bytes, floats) =>
      widenHalves(new Uint16Array(bytes.buffer, bytes.byteOffset, floats.length), floats),
  },
  BF16: {
    blockElements: 1,
    blockBytes: 2,
    decode: (bytes, floats) =>
      widenBfloats(new Uint16Array(bytes.buffer, bytes.byteOffset, floats.length), floats),
  },
} as const satisfies Readonly<Record<string, StoredFloats>>;

/** One megabyte of floats: of the order of a processor's second cache. */
const RUN_ELEMENTS = 2 ** 18;

/** Memory of one reading: two pieces of the file, one of which is being read, and the floats of the other. */
interface Scratch {
  readonly floats: Float32Array;
  readonly bytes: readonly [Uint8Array, Uint8Array];
}

/** Kept for the next tensor, where nobody uses it. */
const unused: Scratch[] = [];

function takeScratch(floats: number, bytes: number): Scratch {
  const found = unused.findIndex((one) => one.floats.length >= floats && one.bytes[0].length >= bytes);
  if (found >= 0) return unused.splice(found, 1)[0]!;
  return {
    floats: new Float32Array(Math.max(floats, RUN_ELEMENTS)),
    bytes: [
      new Uint8Array(Math.max(bytes, 4 * RUN_ELEMENTS)),
      new Uint8Array(Math.max(bytes, 4 * RUN_ELEMENTS)),
    ],
  };
}

/**
 * Reads a tensor from front to back in runs of about a megabyte; the next is read while one is worked on.
 * @throws EimError where the source ends early
 */
export async function* readValueRuns(
  source: RandomAccessSource,
  { offset, elements, rowLength, stored }: StoredTensor,
): AsyncGenerator<ValueRun> {
  const { blockElements, blockBytes, decode } = stored;
  const most = rowLength * Math.max(1, Math.floor(RUN_ELEMENTS / rowLength));
  const bytesOf = (count: number) => (count / blockElements) * blockBytes;
  const scratch = takeScratch(Math.min(most, elements), bytesOf(Math.min(most, elements)));
  const start = (at: number, turn: number): Promise<Uint8Array> => {
    const length = bytesOf(Math.min(most, elements - at));
    const reading = readInto(source, offset + bytesOf(at), scratch.bytes[turn % 2]!.subarray(0, length));
    reading.catch(() => {}); // told when it is waited for, if ever
    return reading;
  };
  try {
    let reading = elements > 0 ? start(0, 0) : undefined;
    for (let at = 0, turn = 1; reading; turn++) {
      const bytes = await reading;
      const values = scratch.floats.subarray(0, Math.min(most, elements - at));
      const next = at + values.length;
      reading = next < elements ? start(next, turn) : undefined;
      decode(bytes, values);
      yield { at, values };
      at = next;
    }
  } finally {
    unused.push(scratch);
  }
}
