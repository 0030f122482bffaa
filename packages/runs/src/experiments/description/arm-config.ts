import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ConfigSource } from '../../config/config-source.js';
import type { Override } from '../../config/override.js';
import { checkConfig, type ReadConfig } from '../../config/read-config.js';
import type { Environment } from '../../context.js';
import { layOver, type SetValue } from './lay-over.js';
import type { Arm, Experiment } from './read-experiment.js';

/** An arm and one of the experiment's seeds: one training, and its scores. */
export interface Unit {
  readonly arm: Arm;
  readonly seed: number;
}

/** The name of a unit in messages, of its config and of its files. */
export const unitName = ({ arm, seed }: { arm: Pick<Arm, 'name'>; seed: number }): string =>
  `${arm.name}-${seed}`;

/** The arm of an experiment by its name. */
export function armOf({ arms }: Pick<Experiment, 'arms'>, name: string): Arm {
  return arms.find((arm) => arm.name === name)!;
}

/**
 * The config of a unit as it is written: its base with the arm's changes and the seed, its environment variables not filled in.
 * @throws EimError `invalid-config` where the base is no YAML; `invalid-argument` for a change of a place that does not exist
 */
export async function armSource({ file, score }: Experiment, { arm, seed }: Unit): Promise<ConfigSource> {
  const text = await readFile(arm.base, 'utf8');
  const overrides: Override[] = [];
  const set = (values: readonly SetValue[], by: string) =>
    overrides.push(...values.map((value) => ({ ...value, text: `${value.path.join('.')} of ${by}` })));
  const where = `arm ${arm.name} in ${basename(file)}`;
  for (const change of arm.changes) {
    const before = ConfigSource.parse(arm.base, text, overrides).toValue();
    set(layOver(before, change), where);
  }
  const decided: SetValue[] = [
    { path: ['name'], value: unitName({ arm, seed }) },
    { path: ['training', 'seed'], value: seed },
    { path: ['evaluation', 'split'], value: score.split },
  ];
  set(decided, basename(file));
  return ConfigSource.parse(arm.base, text, overrides);
}

/**
 * The config of a unit, read and checked. Paths that the experiment file sets start from its folder, others from the base's.
 * @throws EimError `invalid-config` with every mistake at once
 */
export async function armConfig(
  experiment: Experiment,
  unit: Unit,
  environment: Environment,
): Promise<ReadConfig> {
  const source = await armSource(experiment, unit);
  return checkConfig(source, { environment, workingFolder: dirname(experiment.file) });
}
