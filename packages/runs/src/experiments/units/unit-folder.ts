import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJsonFile } from '@eim/contracts/json';
import { cacheFolder } from '@eim/engine/node';
import { writeFileAtomically } from '@eim/weights/node';
import type { Environment } from '../../context.js';
import { type Unit, unitName } from '../description/arm-config.js';
import type { Experiment } from '../description/read-experiment.js';
import type { Allowance } from '../planning/fit-plan.js';
import type { CodeVersion } from '../records/unit-record.js';

/** What is known of a unit before its record can be written; `unit.json`. */
export interface UnitState {
  readonly dataHash: string;
  readonly code: CodeVersion;
  readonly begunAt: string;
  readonly allowance?: Allowance | undefined;
  /** Processor time of training in processes that were stopped. */
  readonly coreSeconds: number;
  /** How often its split has been scored. */
  readonly scoredTimes: number;
}

/** Folder of the runs of experiments: EIM_RUNS, else `runs` in the folder that EIM_CACHE names. */
export function runsFolder(environment: Environment): string {
  return environment.EIM_RUNS || join(cacheFolder(environment), 'runs');
}

/**
 * The folder of one unit outside the project: `unit.json`, and `run/` with checkpoints and the trained model. Its name holds the
 * hash of the unit's config, so a changed experiment begins anew and never goes on with what is not its own.
 */
export class UnitFolder {
  readonly path: string;

  constructor(
    experiment: Pick<Experiment, 'name'>,
    unit: Unit,
    configHash: string,
    environment: Environment,
  ) {
    const name = `${unitName(unit)}-${configHash.slice(0, 8)}`;
    this.path = join(runsFolder(environment), experiment.name, name);
  }

  get run(): string {
    return join(this.path, 'run');
  }

  /** Whether training began and left something to go on from. */
  get isBegun(): boolean {
    return this.#stateExists && existsSync(join(this.run, 'config.yaml'));
  }

  get isTrained(): boolean {
    return this.isBegun && existsSync(join(this.run, 'result.json'));
  }

  async readState(): Promise<UnitState> {
    return parseJsonFile(this.#stateFile, await readFile(this.#stateFile)) as UnitState;
  }

  async writeState(state: UnitState): Promise<void> {
    await mkdir(this.path, { recursive: true });
    const text = `${JSON.stringify(state, undefined, 2)}\n`;
    await writeFileAtomically(this.#stateFile, new TextEncoder().encode(text));
  }

  get #stateFile(): string {
    return join(this.path, 'unit.json');
  }

  get #stateExists(): boolean {
    return existsSync(this.#stateFile);
  }
}
