import { EimError, type ReadTensor } from '@eim/contracts';
import { elementCount } from './dtype.js';
import type { WeightFile } from './weight-file.js';

/** The part of weights that tells what they take. */
type WeightShapes = Pick<WeightFile, 'name' | 'tensorNames' | 'info'>;

interface MemoryLimits {
  /** @default all tensors */
  readonly names?: readonly string[];
  /** Bytes of memory that this machine has, for an engine that can address all of it. @default what the wasm engine can address */
  readonly machine?: number | undefined;
  /** Matrices that the file holds in blocks stay so. @default false */
  readonly inBlocks?: boolean | undefined;
}

/** All that the wasm engine can address, its own buffers included: 32-bit pointers. */
export const WASM_ADDRESS_SPACE = 2 ** 32;

/** Bytes that tensors of a file take as 32-bit floats. @param names absent: all tensors */
export function bytesAsFloats(file: WeightShapes, names: readonly string[] = file.tensorNames): number {
  return names.reduce((bytes, name) => bytes + 4 * elementCount(file.info(name).shape), 0);
}

/** Bytes that tensors take where matrices stay in the file's blocks. @param names absent: all tensors */
export function bytesInBlocks(
  file: WeightShapes & { readonly read: ReadTensor },
  names: readonly string[] = file.tensorNames,
): number {
  return names.reduce((bytes, name) => {
    const { shape } = file.info(name);
    const format = shape.length === 2 ? file.read.blocks?.(name)?.format : undefined;
    const { blockElements, blockBytes } = format ?? FLOATS;
    return bytes + (elementCount(shape) / blockElements) * blockBytes;
  }, 0);
}

const FLOATS = { blockElements: 1, blockBytes: 4 };

/**
 * Refuses weights that cannot fit into an engine's memory, before any of them is read.
 * @throws EimError `invalid-argument` naming the file, what it needs, what there is, and which engine holds more
 */
export function requireMemoryFor(
  file: WeightShapes & { readonly read: ReadTensor },
  { names, machine, inBlocks = false }: MemoryLimits = {},
): void {
  const asFloats = bytesAsFloats(file, names);
  const needed = inBlocks ? bytesInBlocks(file, names) : asFloats;
  const limit = machine ?? WASM_ADDRESS_SPACE;
  if (needed < limit) return;
  const form = needed < asFloats ? 'in the blocks of its file' : 'as 32-bit floats';
  const holder = machine === undefined ? 'the wasm engine can address' : 'this machine has';
  throw new EimError({
    code: 'invalid-argument',
    message: `${file.name} needs ${gibibytes(needed)} GiB ${form}, and ${holder} ${gibibytes(limit)} GiB.`,
    advice:
      machine === undefined
        ? 'The engine `node` holds what the machine has memory for: --engine node (`eim engine list` says how to get it).'
        : 'Take a smaller model, a machine with more memory or, for weights in floats that do not learn, `quantise: q4_0` in the config.',
    data: { file: file.name, needed, limit },
  });
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
