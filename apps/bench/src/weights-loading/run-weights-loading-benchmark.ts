import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeSafetensorsFile } from '@eim/weights/node';
import { median } from '../engine-step/median.js';

export interface WeightsLoadingReport {
  readonly pairs: number;
  readonly bytes: number;
  /** Medians. */
  readonly eimSeconds: number;
  readonly bareSeconds: number;
  /** Of each pair. */
  readonly timeRatios: readonly number[];
  /** Median ratio of the processor's time, which other work on the machine changes less. */
  readonly processorRatio: number;
  /** Peak less the idle process, in the size of the tensors; the largest of all runs. */
  readonly memoryRatio: number;
}

interface Load {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly bytes: number;
  readonly idleBytes: number;
  readonly peakBytes: number;
}

/** A feed-forward and an attention matrix of LLaMA 7B and a norm, by turns. */
const SHAPES = [[1024, 11_008], [4096, 1024], [4096]] as const;
const FILE_BYTES = 1_000_000_000;

/**
 * Loads an fp32 safetensors file of 1 GB tensor by tensor, in turns with a bare loop that reads it in pieces of
 * 64 MiB, each in a process of its own.
 * @param folder where the file is made, once
 */
export async function runWeightsLoadingBenchmark(
  folder: string,
  pairs: number,
): Promise<WeightsLoadingReport> {
  const file = join(folder, 'eim-weights-loading.safetensors');
  if (!existsSync(file) || statSync(file).size < FILE_BYTES) await writeFile(file);
  const eim: Load[] = [];
  const bare: Load[] = [];
  await load('bare', file); // the file is in the system's cache from here on
  for (let pair = 0; pair < pairs; pair++) {
    eim.push(await load('eim', file));
    bare.push(await load('bare', file));
  }
  return {
    pairs,
    bytes: eim[0]!.bytes,
    eimSeconds: median(eim.map(({ seconds }) => seconds)),
    bareSeconds: median(bare.map(({ seconds }) => seconds)),
    timeRatios: eim.map(({ seconds }, pair) => seconds / bare[pair]!.seconds),
    processorRatio: median(eim.map((run, pair) => run.processorSeconds / bare[pair]!.processorSeconds)),
    memoryRatio: Math.max(...eim.map(({ peakBytes, idleBytes, bytes }) => (peakBytes - idleBytes) / bytes)),
  };
}

async function writeFile(path: string): Promise<void> {
  const tensors = [];
  for (let bytes = 0, index = 0; bytes < FILE_BYTES; index++) {
    const shape = SHAPES[index % SHAPES.length]!;
    const data = new Float32Array(shape.reduce<number>((product, size) => product * size, 1)).fill(index);
    tensors.push({ name: `layers.${index}.weight`, dtype: 'F32' as const, shape, data });
    bytes += data.byteLength;
  }
  await writeSafetensorsFile(path, tensors);
}

async function load(mode: 'eim' | 'bare', file: string): Promise<Load> {
  const worker = join(import.meta.dirname, 'load-worker.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import=tsx', worker, mode, file]);
  return JSON.parse(stdout) as Load;
}
