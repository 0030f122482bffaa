import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
// Brings the gradients that core alone leaves unregistered. Its kernels are registered by startEngine only.
import '@eim/engine';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { initialParameters } from './initial-parameters.js';
import { stepInputs } from './step-inputs.js';
import { createStockStep } from './stock-model.js';

/** Runs one stock step for every message and answers with its seconds and loss. */
const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
setWasmPaths(join(dirname(entry), 'dist') + sep);
await tf.setBackend('wasm');
await tf.ready();
const step = createStockStep(initialParameters(), stepInputs());
process.on('message', () => {
  const start = performance.now();
  const loss = step();
  process.send?.({ seconds: (performance.now() - start) / 1000, loss });
});
process.send?.('ready');
