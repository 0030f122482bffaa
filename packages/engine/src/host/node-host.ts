import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join, sep } from 'node:path';
import v8 from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Host, HostThread, WasmLocation } from './host.js';

export const host: Host = {
  sharesMemory: () => true,
  startThread,
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

function startThread(program: string, data: unknown): HostThread {
  const source = `const { parentPort, workerData: data } = require('node:worker_threads');
const ready = () => parentPort.postMessage('ready');
${program}`;
  // Neither loaders nor options of the main thread concern the program.
  const worker = new Worker(source, {
    eval: true,
    workerData: data,
    execArgv: [],
    env: {},
    name: 'eim kernels',
  });
  worker.unref();
  return {
    ready: new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('it ended at once')));
    }),
    end: () => worker.terminate(),
  };
}
