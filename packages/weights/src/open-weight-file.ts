import { EimError } from '@eim/contracts';
import { GgufFile } from './gguf/gguf-file.js';
import { Llama2cFile } from './llama2c/llama2c-file.js';
import { OldPytorchFile } from './pytorch/old-pytorch-file.js';
import { PytorchFile } from './pytorch/pytorch-file.js';
import type { RandomAccessSource } from './random-access-source.js';
import { SafetensorsFile } from './safetensors-file.js';
import type { WeightFile } from './weight-file.js';

/** Enough to tell the formats apart. */
const START_BYTES = 32;
const GGUF = [0x47, 0x47, 0x55, 0x46];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const PICKLE = [0x80, 0x02];

/**
 * Opens weights of any format that this package reads, told apart by their first bytes. Reads and checks the
 * header alone. Close it when done.
 * @throws EimError `invalid-file` naming the file and what is wrong with it; the source is then closed
 */
export async function openWeightFile(source: RandomAccessSource): Promise<WeightFile> {
  try {
    return await openByContent(source);
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

async function openByContent(source: RandomAccessSource): Promise<WeightFile> {
  const start = await source.read(0, Math.min(START_BYTES, source.size));
  if (startsWith(start, GGUF)) return await GgufFile.open(source);
  if (startsWith(start, ZIP)) return await PytorchFile.open(source);
  if (startsWith(start, PICKLE)) return await OldPytorchFile.open(source);
  if (startsAsSafetensors(start) || /\.safetensors$/i.test(source.name)) {
    return await SafetensorsFile.open(source);
  }
  const llama = await Llama2cFile.tryOpen(source);
  if (llama) return llama;
  throw new EimError({
    code: 'invalid-file',
    message: `${source.name} is neither safetensors, nor a PyTorch checkpoint, GGUF, or a whole llama2.c model.`,
    advice:
      source.size === 0 ? 'It is empty.' : 'A file that was cut off while downloading looks like this too.',
    data: { file: source.name, size: source.size },
  });
}

/** Eight bytes of a length that fits into four, then JSON. */
function startsAsSafetensors(start: Uint8Array): boolean {
  return start[8] === 0x7b && start.subarray(4, 8).every((byte) => byte === 0);
}

function startsWith(start: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, at) => start[at] === byte);
}
