// Run from the repository's root, after `npm run setup`: npm run bench -- lavin-step GGUF [samples] [threads]
// A training step of LaVIN's router adapters on SmolLM2-135M beside the same in PyTorch (EIM_PYTHON names a Python that has it, with
// transformers and gguf), interleaved. Ours is the step that `eim plan` times; `eim pull smollm2-135m-instruct` and `eim pull efficientnet-lite0`
// bring the weights, GGUF is the same model's file.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listEngines } from '@eim/engine';
import { median } from '../engine-step/median.js';
import { ROWS, writeStepConfig } from './write-step-config.js';

const [gguf, samples = '5', threads = '2'] = process.argv.slice(2);
const python = process.env.EIM_PYTHON;
if (gguf === undefined || python === undefined) {
  console.error('Name a GGUF file of SmolLM2-135M, and in EIM_PYTHON a Python with PyTorch.');
  process.exit(2);
}
const root = join(import.meta.dirname, '../../../..');
const run = async (program: string, words: readonly string[]) =>
  (await promisify(execFile)(program, [...words], { maxBuffer: 1e8 })).stdout;
const eim = (...words: string[]) => run(process.execPath, [join(root, 'apps/cli/bin/eim.mjs'), ...words]);

/** What `eim plan --json` says of its one segment. */
interface PlannedStep {
  readonly segments: readonly [{ readonly byLength: readonly [{ readonly textLength: number }] }];
  readonly time: { readonly segments: readonly [{ readonly stepSeconds: number }] };
}

const scratch = mkdtempSync(join(tmpdir(), 'eim-lavin-step-'));
const scenes = join(scratch, 'scenes');
try {
  await eim('data', 'scenes', '--layout', 'chat', '--out', scenes, '--splits', 'train=64,val=8');
  const config = writeStepConfig(scenes);
  let length = 0;
  const ours = async (engine: string): Promise<number> => {
    const planned = JSON.parse(
      await eim('plan', config, '--engine', engine, '--threads', threads, '--json'),
    ) as PlannedStep;
    length = planned.segments[0].byLength[0].textLength;
    return planned.time.segments[0].stepSeconds;
  };
  const theirs = async (): Promise<number> => {
    const script = join(root, 'tools/reference/lavin_step_speed.py');
    const options = { threads, rows: String(ROWS), length: String(length), steps: '8' };
    const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    return (JSON.parse(await run(python, [script, gguf, ...words])) as { seconds: number }).seconds;
  };
  const starting = new Set((await listEngines()).filter(({ ok }) => ok).map(({ name }) => String(name)));
  const engines = ['node', 'wasm'].filter((name) => starting.has(name));
  const found = new Map(engines.map((engine) => [engine, [] as { own: number; torch: number }[]]));
  for (let sample = 0; sample < Number(samples); sample++) {
    for (const engine of engines) {
      const own = await ours(engine);
      found.get(engine)!.push({ own, torch: await theirs() });
    }
  }
  console.log(`${ROWS} rows of ${length} text tokens, ${threads} threads, ${samples} interleaved samples`);
  for (const [engine, pairs] of found) {
    const ratios = pairs.map(({ own, torch }) => own / torch);
    const [low, high] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
    const [own, torch] = [median(pairs.map((each) => each.own)), median(pairs.map((each) => each.torch))];
    console.log(
      `${engine}: ${own.toFixed(2)} s, PyTorch ${torch.toFixed(2)} s, ratio ${median(ratios).toFixed(2)} (${low} to ${high})`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
