import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import type { TensorFlowBackend } from '../tensorflow/tensorflow-backend.js';

/** Values that TensorFlow is to take. */
export interface ValuesToHandOver {
  readonly values: Float32Array;
  /** They were taken, or will not be. */
  release(): void;
}

/**
 * TensorFlow takes values without a copy where they begin at a multiple of this many bytes (TF_NewTensor), and copies
 * them otherwise; until they are collected they lie in memory twice.
 */
const ALIGNMENT = 64;
/** What malloc puts before memory that the system maps for it alone, whole pages of it. */
const MALLOC_HEADER = 16;
/** From this size on it always is (glibc's M_MMAP_THRESHOLD at its largest). */
const MAPPED_BYTES = 2 ** 25;
const FLOAT_BYTES = 4;

/** Bytes of smaller values, for one tensor after the other. */
let shared: ArrayBuffer | undefined;
let isSharedInUse = false;

/**
 * Memory for values: large ones where TensorFlow takes them as they are, small ones where it surely copies them, so that
 * the next may be written in their place.
 */
export function valuesToHandOver(size: number, running: TensorFlowBackend): ValuesToHandOver {
  const bytes = FLOAT_BYTES * size;
  if (bytes >= MAPPED_BYTES) {
    const offset = ALIGNMENT - MALLOC_HEADER;
    return { values: new Float32Array(new ArrayBuffer(offset + bytes), offset, size), release: () => {} };
  }
  if (isSharedInUse || !copiesUnaligned(running)) {
    return { values: new Float32Array(size), release: () => {} };
  }
  if (shared === undefined || shared.byteLength < FLOAT_BYTES + bytes) {
    shared = new ArrayBuffer(FLOAT_BYTES + bytes);
  }
  isSharedInUse = true;
  const release = () => {
    isSharedInUse = false;
  };
  return { values: unaligned(shared, size), release };
}

/** Makes TensorFlow take a tensor's values now, and not when they are first needed. */
export function handOver(running: TensorFlowBackend, given: Tensor): void {
  running.getInputTensorIds([given]);
}

/** Floats that begin beside every alignment. */
const unaligned = (buffer: ArrayBuffer, size: number) => new Float32Array(buffer, FLOAT_BYTES, size);

let copies: boolean | undefined;

/** Whether values that are not aligned may be written over once they were handed over. */
function copiesUnaligned(running: TensorFlowBackend): boolean {
  copies ??= tidy(() => {
    const values = unaligned(new ArrayBuffer(2 * FLOAT_BYTES), 1);
    values[0] = 1;
    const given = tensor(values, [1], 'float32');
    handOver(running, given);
    values[0] = 2;
    return given.dataSync()[0] === 1;
  });
  return copies;
}
