import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseJsonFile } from '@eim/benchmarks';
import { EimError } from '@eim/contracts';
import { writeFileAtomically } from '@eim/weights/node';
import type { Answer } from './answer-items.js';
import type { BenchmarkManifest } from './benchmark-manifest.js';

/** The folder of an evaluation: `manifest.json`, `answers.json`, and once every item is answered `scores.json` and the reports. */
export class BenchmarkFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(path: string): Promise<BenchmarkFolder> {
    const absolute = resolve(path);
    await mkdir(absolute, { recursive: true });
    return new BenchmarkFolder(absolute);
  }

  /** @throws EimError `missing-file` where the folder holds no evaluation */
  static open(path: string): BenchmarkFolder {
    const absolute = resolve(path);
    if (existsSync(join(absolute, 'answers.json'))) return new BenchmarkFolder(absolute);
    throw new EimError({
      code: 'missing-file',
      message: `${path} is no evaluation of a benchmark: it has no answers.json.`,
      advice: 'Give the folders that `eim eval RUN --benchmark NAME --shard i/n` printed.',
      data: { folder: absolute },
    });
  }

  async write(name: string, contents: unknown): Promise<string> {
    const file = join(this.path, name);
    await writeFileAtomically(
      file,
      typeof contents === 'string' ? contents : `${JSON.stringify(contents, undefined, 2)}\n`,
    );
    return file;
  }

  async manifest(): Promise<BenchmarkManifest> {
    return (await this.#read('manifest.json')) as BenchmarkManifest;
  }

  async answers(): Promise<Answer[]> {
    return (await this.#read('answers.json')) as Answer[];
  }

  async #read(name: string): Promise<unknown> {
    const file = join(this.path, name);
    return parseJsonFile(file, await readFile(file)).json;
  }
}
