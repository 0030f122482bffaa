import { createInterface } from 'node:readline';
import { type EngineName, startEngine } from '@eim/engine';
import { createRecordableDecoder } from './recordable-decoder.js';
import { createTrainingStep } from './training-step.js';
import { createVisionEncoder } from './vision-encoder.js';

/** One engine in a process of its own, recording or not: does each work that is asked for and says how long it took. */
const [engine, mode, threads] = process.argv.slice(2);
const record = mode === 'recorded';
const info = await startEngine({ engine: engine as EngineName, threads: Number(threads) });

let training: ReturnType<typeof createTrainingStep> | undefined;
let decode: (() => Promise<number>) | undefined;
let vision: ReturnType<typeof createVisionEncoder> | undefined;

const WORK: Readonly<Record<string, () => Promise<object>>> = {
  step: async () => {
    training ??= createTrainingStep(record);
    return { loss: await training.step() };
  },
  decode: async () => {
    training ??= createTrainingStep(record);
    decode ??= createRecordableDecoder(training.parameters, record);
    return { tokens: await decode() };
  },
  encode: async () => {
    vision ??= createVisionEncoder();
    const features = vision.encode(vision.pictures);
    await features.data();
    features.dispose();
    return {};
  },
};

console.log(JSON.stringify({ ready: `${info.name}, ${info.device}, ${info.threads} threads, ${mode}` }));
for await (const line of createInterface({ input: process.stdin })) {
  const { work } = JSON.parse(line) as { work: string };
  const cpu = process.cpuUsage();
  const started = performance.now();
  const result = await WORK[work]!();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ seconds, processorSeconds: (user + system) / 1e6, ...result }));
}
