import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EimError } from '@eim/contracts';
import { parseJsonFile } from '@eim/contracts/json';
import { writeFileAtomically } from '@eim/weights/node';

/**
 * The folder of a run:
 * `config.yaml` (every default filled in), `env.json` (see `EnvironmentRecord`), `metrics.jsonl`, `events/` (the same for TensorBoard),
 * `checkpoints/` (to resume),
 * `model/` (to use: self-contained), `result.json`, `evaluation-<split>.json`, `report.html`.
 * @example
 * const folder = RunFolder.open('runs/my-20250101-120000');
 * const { config } = await readConfig(folder.configFile);
 */
export class RunFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * A new run.
   * @throws EimError `invalid-argument` where the folder holds something already
   */
  static async create(path: string): Promise<RunFolder> {
    const absolute = resolve(path);
    const existing = existsSync(absolute) ? await readdir(absolute) : [];
    if (!existing.every(isLeftOver)) {
      throw new EimError({
        code: 'invalid-argument',
        message: `${path} is not empty.`,
        advice: existing.includes('config.yaml')
          ? `Go on with that run by \`eim train --resume ${path}\`, or choose another folder with --out.`
          : 'Choose another folder with --out.',
        data: { folder: absolute },
      });
    }
    await mkdir(absolute, { recursive: true });
    return new RunFolder(absolute);
  }

  /**
   * A run that exists.
   * @throws EimError `missing-file` where the folder is no run
   */
  static open(path: string): RunFolder {
    const absolute = resolve(path);
    if (existsSync(join(absolute, 'config.yaml'))) return new RunFolder(absolute);
    throw new EimError({
      code: 'missing-file',
      message: existsSync(absolute)
        ? `${path} is not a run: it has no config.yaml.`
        : `${path} does not exist.`,
      advice: 'Give the folder that `eim train` printed.',
      data: { folder: absolute },
    });
  }

  /** The run that another process of a cluster makes: it may not be there yet, and nothing is written to it. */
  static elsewhere(path: string): RunFolder {
    return new RunFolder(resolve(path));
  }

  get configFile(): string {
    return join(this.path, 'config.yaml');
  }
  get metricsFile(): string {
    return join(this.path, 'metrics.jsonl');
  }
  get eventsFolder(): string {
    return join(this.path, 'events');
  }
  get checkpointFolder(): string {
    return join(this.path, 'checkpoints');
  }
  get modelFolder(): string {
    return join(this.path, 'model');
  }
  get reportFile(): string {
    return join(this.path, 'report.html');
  }

  /** Writes a JSON file of the run, either completely or not at all. */
  async writeJson(name: string, value: unknown): Promise<string> {
    return this.writeText(name, `${JSON.stringify(value, undefined, 2)}\n`);
  }

  async writeText(name: string, text: string): Promise<string> {
    const file = join(this.path, name);
    await writeFileAtomically(file, new TextEncoder().encode(text));
    return file;
  }

  /** A JSON file of the run, or undefined where it has none of that name. */
  async readJson(name: string): Promise<unknown> {
    const file = join(this.path, name);
    if (!existsSync(file)) return undefined;
    return parseJsonFile(file, await readFile(file));
  }
}

/**
 * What a run leaves that was killed before its `config.yaml`, which makes a folder a run, was written. It trained nothing.
 */
function isLeftOver(name: string): boolean {
  return name === 'env.json' || /^\.(config\.yaml|env\.json)\..+\.tmp$/.test(name);
}
