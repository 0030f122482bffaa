import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenedWeights, openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { SHARED_DATA } from './run-eim.js';

/** Numbers of one original program: a folder that may lack files, whatever its sizes. */
export class Originals {
  readonly folder: string;
  readonly present: boolean;

  constructor(system: string) {
    this.folder = join(process.env.EIM_ORIGINALS ?? join(SHARED_DATA, 'originals'), system);
    this.present = existsSync(this.folder);
    if (!this.present) console.warn(`skipped: ${this.folder} is not there (set EIM_DATA, or EIM_ORIGINALS)`);
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  /** Why a test is skipped; undefined where all files are there. */
  lacks(...files: readonly string[]): string | undefined {
    const missing = files.filter((file) => !existsSync(this.path(file)));
    return missing.length === 0 ? undefined : `${this.folder} lacks ${missing}`;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the caller knows what stands in it
  json(file: string): any {
    return JSON.parse(readFileSync(this.path(file), 'utf8'));
  }

  async tensors(file: string): Promise<Tensors> {
    return new Tensors(file, (await readSafetensorsFile(this.path(file))).tensors);
  }

  async opened<Result>(file: string, use: (weights: OpenedWeights) => Promise<Result>): Promise<Result> {
    const weights = await openPublishedWeights(this.path(file));
    try {
      return await use(weights);
    } finally {
      await weights.close();
    }
  }
}

type Read = Awaited<ReturnType<typeof readSafetensorsFile>>['tensors'];

/** The tensors of one file of originals. */
export class Tensors {
  constructor(
    private readonly file: string,
    private readonly tensors: Read,
  ) {}

  get names(): readonly string[] {
    return [...this.tensors.keys()];
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  shape(name: string): readonly number[] {
    return this.get(name).shape;
  }

  values(name: string): Float32Array {
    return Float32Array.from(this.get(name).data as ArrayLike<number>, Number);
  }

  /** A matrix of integers, row by row. */
  rows(name: string): number[][] {
    const [count = 0, width = 0] = this.shape(name);
    const values = this.values(name);
    return Array.from({ length: count }, (_, row) => [...values.slice(row * width, (row + 1) * width)]);
  }

  /** Pictures `[B, 3, H, W]` as `[B, H, W, 3]`. */
  pixels(name: string): tf.Tensor4D {
    return tf.tidy(() => tf.transpose(this.tensor<tf.Rank.R4>(name), [0, 2, 3, 1]));
  }

  tensor<Shape extends tf.Rank>(name: string, dtype: 'float32' | 'int32' = 'float32'): tf.Tensor<Shape> {
    return tf.tensor(this.values(name), [...this.shape(name)], dtype) as tf.Tensor<Shape>;
  }

  private get(name: string) {
    const tensor = this.tensors.get(name);
    if (tensor === undefined) throw new Error(`${this.file} has no ${name}`);
    return tensor;
  }
}
