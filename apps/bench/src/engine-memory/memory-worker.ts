import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type EngineName, engineMemory, startEngine } from '@eim/engine';
import { MODEL, SMALL_MODEL } from '../engine-step/model-shape.js';
import { createTrainingStep } from '../engines-tensorflow/training-step.js';

/** Steps after which everything has been allocated that a run needs. */
const SETTLED = 100;

/** Takes training steps on one engine and prints what is held at the last beside what was held at step 100. */
const [engine, mode, model, wanted] = process.argv.slice(2);
const steps = Number(wanted);
if (engine === 'webgpu') process.chdir(process.env.EIM_WEBGPU_PROJECT ?? process.cwd());
const info = await startEngine({ engine: engine as EngineName });
const { parameters, step } = createTrainingStep(mode === 'recorded', model === '20k' ? SMALL_MODEL : MODEL);
const parameterCount = [...parameters.values()].reduce((sum, { size }) => sum + size, 0);

interface Held {
  readonly tensors: number;
  readonly residentBytes: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function held(): Promise<Held> {
  await collectAllGarbage();
  return { tensors: engineMemory().tensors, residentBytes: process.memoryUsage.rss() };
}

/**
 * What JavaScript has let go of says nothing about what a run needs, and when it is collected is V8's choice. One
 * collection leaves pages that are half empty, a tenth of the process, and finalisers that run later; the next ones
 * clear those.
 */
async function collectAllGarbage(): Promise<void> {
  let before = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 10; attempt++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { heapTotal } = process.memoryUsage();
    if (attempt > 2 && heapTotal >= before) return;
    before = heapTotal;
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
const started = performance.now();
let settled: Held | undefined;
for (let count = 1; count <= steps; count++) {
  await step();
  if (count % 100 !== 0) continue;
  const now = await held();
  settled ??= now;
  const minutesLeft = ((performance.now() - started) / count) * ((steps - count) / 60_000);
  console.error(
    `step ${count}: ${now.tensors} tensors, ${megabytes(now.residentBytes)}, ${minutesLeft.toFixed(0)} min left`,
  );
}
const last = await held();
const first = settled ?? last;
console.log(
  `${info.name}, ${mode}, ${parameterCount} parameters: step ${Math.min(SETTLED, steps)} ${first.tensors} tensors, ` +
    `${megabytes(first.residentBytes)}; step ${steps} ${last.tensors} tensors, ${megabytes(last.residentBytes)} ` +
    `(${((last.residentBytes / first.residentBytes - 1) * 100).toFixed(1)} %); ` +
    `peak ${megabytes(process.resourceUsage().maxRSS * 1024)}`,
);
process.exit();
