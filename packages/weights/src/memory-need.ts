import { EimError } from '@eim/contracts';
import { elementCount } from './dtype.js';
import type { WeightFile } from './weight-file.js';

/** The part of weights that tells what they take. */
type WeightShapes = Pick<WeightFile, 'name' | 'tensorNames' | 'info'>;

/** All that the wasm engine can address, its own buffers included: 32-bit pointers. */
export const WASM_ADDRESS_SPACE = 2 ** 32;

/** Bytes that tensors of a file take as 32-bit floats. @param names absent: all tensors */
export function bytesAsFloats(file: WeightShapes, names: readonly string[] = file.tensorNames): number {
  return names.reduce((bytes, name) => bytes + 4 * elementCount(file.info(name).shape), 0);
}

/**
 * Refuses weights that cannot fit into an engine's memory, before any of them is read.
 * @param limit bytes that the engine can address; the wasm engine's by default
 * @throws EimError `invalid-argument` naming the file, what it needs, what there is, and which engine holds more
 */
export function requireMemoryFor(
  file: WeightShapes,
  { names, limit = WASM_ADDRESS_SPACE }: { readonly names?: readonly string[]; readonly limit?: number } = {},
): void {
  const needed = bytesAsFloats(file, names);
  if (needed < limit) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `${file.name} needs ${gibibytes(needed)} GiB as 32-bit floats, and the wasm engine can address ${gibibytes(limit)} GiB.`,
    advice:
      'The engine `node` holds what the machine has memory for: --engine node (`eim engine list` says how to get it).',
    data: { file: file.name, needed, limit },
  });
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
