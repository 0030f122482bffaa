import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join, sep } from 'node:path';
import v8 from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Host, WasmLocation } from './host.js';

export const host: Host = {
  Worker,
  locateWasmBinaries,
  availableCores: availableParallelism,
  allowRelaxedSimd: () => {
    try {
      v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
      return true;
    } catch {
      return false;
    }
  },
};

function locateWasmBinaries(): WasmLocation {
  try {
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
    const folder = join(dirname(entry), 'dist') + sep;
    const binary = join(folder, 'tfjs-backend-wasm-simd.wasm');
    if (existsSync(binary))
      return { found: true, files: { folder, read: (name) => readFile(folder + name) } };
    return { found: false, reason: `the file ${binary} is missing.` };
  } catch (cause) {
    return { found: false, reason: `@tensorflow/tfjs-backend-wasm cannot be found (${String(cause)}).` };
  }
}
