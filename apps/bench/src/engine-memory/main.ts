// Run from the repository's root, after `npm run setup`:
//   npm run bench -- engine-memory [--engine wasm|node|webgpu|cpu] [--steps N]
// EIM_WEBGPU_PROJECT names a folder in which @tensorflow/tfjs-backend-webgpu and webgpu are installed.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { listEngines } from '@eim/engine';

const { values } = parseArgs({
  options: { engine: { type: 'string' }, steps: { type: 'string', default: '2000' } },
});

/** Each in a process of its own, whose memory is measured. */
const RUNS = [
  { engine: 'wasm', mode: 'eager', model: '3.7M' },
  { engine: 'node', mode: 'eager', model: '3.7M' },
  { engine: 'node', mode: 'recorded', model: '3.7M' },
  { engine: 'webgpu', mode: 'eager', model: '20k' },
  { engine: 'cpu', mode: 'eager', model: '20k' },
] as const;

/** SwiftShader allocates and frees on many threads; these make glibc give back what is free, so that what is held shows. */
const GIVE_BACK = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '65536',
};

const worker = fileURLToPath(new URL('./memory-worker.ts', import.meta.url));
const here = process.cwd();
process.chdir(process.env.EIM_WEBGPU_PROJECT ?? here);
const statuses = await listEngines();
process.chdir(here);
for (const { engine, mode, model } of RUNS) {
  if (values.engine !== undefined && values.engine !== engine) continue;
  const { ok, reason } = statuses.find(({ name }) => name === engine)!;
  if (!ok) {
    console.log(`${engine}: not measured, ${reason}`);
    continue;
  }
  const words = [...process.execArgv, worker, engine, mode, model, values.steps];
  const env = { ...(engine === 'webgpu' && GIVE_BACK), ...process.env };
  const child = spawn(process.execPath, words, { stdio: 'inherit', env });
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  if (code !== 0) process.exitCode = 1;
}
