// Run from the repository's root, after `npm run setup`: npm run bench -- engine-memory [steps]
import { engineMemory, startEngine } from '@eim/engine';
import { createEngineStep } from '../engine-step/engine-model.js';
import { initialParameters } from '../engine-step/initial-parameters.js';
import { stepInputs } from '../engine-step/step-inputs.js';

/** Steps after which everything has been allocated that a run needs. */
const SETTLED = 100;

const steps = Number(process.argv[2] ?? 2000);
const info = await startEngine({ engine: 'wasm' });
console.log(`Memory over ${steps} steps of the 3.7M language model: ${info.device}, ${info.threads} threads`);
const step = createEngineStep(initialParameters(), stepInputs());

interface Held {
  readonly tensors: number;
  readonly heapMebibytes: number;
  readonly residentMebibytes: number;
}

async function held(): Promise<Held> {
  // Lets what JavaScript has already let go of be collected.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { tensors, heapBytes = 0 } = engineMemory();
  return {
    tensors,
    heapMebibytes: heapBytes / 2 ** 20,
    residentMebibytes: process.memoryUsage.rss() / 2 ** 20,
  };
}

let settled: Held | undefined;
for (let count = 1; count <= steps; count++) {
  step();
  if (count % SETTLED !== 0) continue;
  const now = await held();
  settled ??= now;
  console.log(
    `step ${count}: ${now.tensors} tensors, wasm heap ${now.heapMebibytes.toFixed(0)} MiB, ` +
      `resident ${now.residentMebibytes.toFixed(0)} MiB (${(now.residentMebibytes / settled.residentMebibytes).toFixed(3)} of step ${SETTLED})`,
  );
}
const last = await held();
const ratio = settled ? last.residentMebibytes / settled.residentMebibytes : Number.NaN;
console.log(`
tensors as at step ${SETTLED}: ${last.tensors === settled?.tensors ? 'yes' : 'no'}
resident memory to that of step ${SETTLED}: ${ratio.toFixed(3)} (at most 1.05 wanted)
peak resident memory: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
