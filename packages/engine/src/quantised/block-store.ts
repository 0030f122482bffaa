import type { BlockFormat } from '@eim/contracts';
import { keep, type Tensor1D } from '@tensorflow/tfjs-core';
import { fillableTensor } from '../memory/fillable-tensor.js';
import { hasBlockKernels } from './block-format-numbers.js';

/** Rows of blocks in memory. */
export interface BlockStore {
  readonly format: BlockFormat;
  readonly rowBytes: number;
  /** Where the engine has kernels for the format: their bytes as a tensor, which nothing but these kernels understands. */
  readonly tensor: Tensor1D | undefined;
  /** All bytes: a copy where they lie in a tensor. */
  bytes(): Promise<Uint8Array>;
  /** The same at once, where the engine can. */
  bytesNow(): Uint8Array;
  dispose(): void;
}

/** Memory that rows are written into. */
export interface BlockFilling {
  readonly rowBytes: number;
  /** @param offset bytes from the first row's beginning */
  write(offset: number, bytes: Uint8Array): void;
  /** Memory of all rows, to be filled while other things are computed; undefined where it may move meanwhile. */
  memory(): Uint8Array | undefined;
  finish(): BlockStore;
  abandon(): void;
}

/** Memory for rows of blocks: the engine's where it has kernels that read them, else JavaScript's. */
export function blockStore(format: BlockFormat, rows: number, columns: number): BlockFilling {
  const rowBytes = (columns / format.blockElements) * format.blockBytes;
  return hasBlockKernels(format.name)
    ? inEngine(format, rowBytes, rows)
    : inJavaScript(format, rowBytes, rows);
}

function inEngine(format: BlockFormat, rowBytes: number, rows: number): BlockFilling {
  const size = rowBytes * rows;
  const filling = fillableTensor([Math.ceil(size / 4)]);
  return {
    rowBytes,
    write(offset, bytes) {
      const { buffer, byteOffset } = filling.values();
      new Uint8Array(buffer, byteOffset + offset, bytes.length).set(bytes);
    },
    memory() {
      const { buffer, byteOffset } = filling.values();
      // that of a module grows in its place where threads share it, and else becomes another
      return filling.moves && !isShared(buffer) ? undefined : new Uint8Array(buffer, byteOffset, size);
    },
    finish() {
      const tensor = keep(filling.finish()) as Tensor1D;
      const asBytes = ({ buffer, byteOffset }: Float32Array) => new Uint8Array(buffer, byteOffset, size);
      return {
        format,
        rowBytes,
        tensor,
        bytes: async () => asBytes(await tensor.data<'float32'>()),
        bytesNow: () => asBytes(tensor.dataSync<'float32'>()),
        dispose: () => tensor.dispose(),
      };
    },
    abandon: () => filling.abandon(),
  };
}

const isShared = (buffer: ArrayBufferLike): boolean =>
  typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;

function inJavaScript(format: BlockFormat, rowBytes: number, rows: number): BlockFilling {
  const all = new Uint8Array(rowBytes * rows);
  return {
    rowBytes,
    write: (offset, bytes) => all.set(bytes, offset),
    memory: () => all,
    finish: () => ({
      format,
      rowBytes,
      tensor: undefined,
      bytes: async () => all,
      bytesNow: () => all,
      dispose: () => {},
    }),
    abandon: () => {},
  };
}
