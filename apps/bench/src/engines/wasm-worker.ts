import { createInterface } from 'node:readline';
import { startEngine } from '@eim/engine';
import { createEngineStep } from '../engine-step/engine-model.js';
import { initialParameters } from '../engine-step/initial-parameters.js';
import { stepInputs } from '../engine-step/step-inputs.js';
import { createDecoder } from './decoder.js';

/** The wasm engine in a process of its own: does each work that is asked for and says how long it took. */
const info = await startEngine({ engine: 'wasm', threads: Number(process.argv[2]) });
const parameters = initialParameters();
const step = createEngineStep(parameters, stepInputs());
const decode = createDecoder(parameters);

const WORK: Readonly<Record<string, () => object>> = {
  step: () => ({ loss: step() }),
  decode: () => ({ tokens: decode() }),
};

console.log(JSON.stringify({ ready: `${info.device}, ${info.threads} threads` }));
for await (const line of createInterface({ input: process.stdin })) {
  const { work } = JSON.parse(line) as { work: string };
  const started = performance.now();
  const result = WORK[work]!();
  console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, ...result }));
}
