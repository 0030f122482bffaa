import type { ExportedGgufValue } from '@eim/contracts';
import { elementCount } from '../../dtype.js';
import { GGUF_TYPES, type GgufType } from '../gguf-types.js';
import { GgufWriter } from './gguf-writer.js';

const SIGNATURE = 0x46554747; // "GGUF"
const VERSION = 3;
const ALIGNMENT = 32;

/** ggml's numbers of the types of tensors that are written (ggml.h, `enum ggml_type`). */
const STORED_TYPES = { f32: 0, f16: 1, bf16: 30, q4_0: 2, q8_0: 8, q4_k: 12 } as const;

export type GgufStoredType = keyof typeof STORED_TYPES;

/** A tensor in the bytes in which a file holds it. */
export interface GgufStoredTensor {
  readonly name: string;
  /** Its rows fill whole blocks. */
  readonly shape: readonly number[];
  readonly stored: GgufStoredType;
  /** Together as many bytes as {@link ggufStoredBytes} says. */
  bytes(): Iterable<Uint8Array>;
}

/** Elements of a block of a form. */
export const ggufBlockElements = (stored: GgufStoredType): number => typeOf(stored).blockElements;

/** Bytes of a tensor. */
export function ggufStoredBytes(shape: readonly number[], stored: GgufStoredType): number {
  const { blockElements, blockBytes } = typeOf(stored);
  return (elementCount(shape) / blockElements) * blockBytes;
}

/**
 * The bytes of a GGUF file of version 3 (ggml-org/ggml, docs/gguf.md), piece by piece.
 * @example
 * await writeFileAtomically('model.gguf', storedGgufChunks(metadata, tensors));
 */
export function* storedGgufChunks(
  metadata: Readonly<Record<string, ExportedGgufValue>>,
  tensors: readonly GgufStoredTensor[],
): Generator<Uint8Array> {
  const writer = new GgufWriter();
  const pairs = Object.entries(metadata);
  writer.uint32(SIGNATURE);
  writer.uint32(VERSION);
  writer.uint64(tensors.length);
  writer.uint64(pairs.length);
  for (const [key, value] of pairs) {
    writer.text(key);
    writer.value(value);
  }
  let offset = 0;
  for (const { name, shape, stored } of tensors) {
    writer.text(name);
    writer.uint32(shape.length);
    // ggml counts from the fastest dimension
    for (const side of [...shape].reverse()) writer.uint64(side);
    writer.uint32(STORED_TYPES[stored]);
    writer.uint64(offset);
    offset += aligned(ggufStoredBytes(shape, stored));
  }
  writer.align(ALIGNMENT);
  yield writer.finished();
  for (const { shape, stored, bytes } of tensors) {
    yield* bytes();
    const length = ggufStoredBytes(shape, stored);
    yield new Uint8Array(aligned(length) - length);
  }
}

const typeOf = (stored: GgufStoredType): GgufType => GGUF_TYPES.get(STORED_TYPES[stored])!;

const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;
