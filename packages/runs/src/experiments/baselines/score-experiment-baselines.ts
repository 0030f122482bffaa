import { dirname } from 'node:path';
import type { Dataset } from '@eim/contracts';
import { createDataset } from '@eim/datasets';
import type { BaselineScores } from '@eim/report';
import { scoreBaselines } from '../../comparison/baselines/score-baselines.js';
import { completeContext, type RunsContext } from '../../context.js';
import { openDataset } from '../../data/open-dataset.js';
import { captionedRows } from '../../evaluation/captioned-rows.js';
import { completeConfig } from '../../model/complete-config.js';
import { pluginLoader } from '../../model/plugin-loader.js';
import { armConfig, armOf } from '../description/arm-config.js';
import { readExperiment } from '../description/read-experiment.js';
import type { BaselinesRecord } from '../records/baselines-record.js';
import { dataHash } from '../records/data-hash.js';
import { writeBaselines } from '../records/record-files.js';
import { picturesApart } from '../units/pictures-apart.js';
import { rounded } from '../units/score-unit.js';

/** Whose data the baselines are scored on. */
export interface BaselinesRequest {
  readonly file: string;
  readonly arm: string;
  readonly seed: number;
}

/** Scores what can be had without the models of an experiment, on the data of one of its units, and writes the record. */
export async function scoreExperimentBaselines(
  { file, arm, seed }: BaselinesRequest,
  options: RunsContext,
): Promise<BaselinesRecord> {
  const context = completeContext(options);
  const { environment, packages, signal } = context;
  const experiment = await readExperiment(file, context);
  const { split, references, apart } = experiment.score;
  const unit = { arm: armOf(experiment, arm), seed };
  const loadPlugin = pluginLoader(unit.arm.base, context);
  const read = await armConfig(experiment, unit, environment);
  const { data } = await completeConfig(read, loadPlugin, {
    ...context,
    workingFolder: dirname(experiment.file),
  });
  const dataset = await openDataset(data, { loadPlugin, packages, signal });
  const choice = { distinctReferences: references === 'distinct' };
  const scored = async (on: Dataset) => (await scoreBaselines(on, split, choice)).map(recorded);
  const parts: [string, BaselinesRecord['baselines']][] = [];
  for (const [name, chosen] of Object.entries(apart)) {
    signal.throwIfAborted();
    const places = await picturesApart(captionedRows(dataset, split), chosen);
    parts.push([name, await scored(withRows(dataset, split, places))]);
  }
  const record: BaselinesRecord = {
    format: 1,
    experiment: experiment.name,
    dataHash: dataHash(dataset),
    split,
    references,
    pictures: dataset.split(split).length,
    baselines: await scored(dataset),
    apart: Object.fromEntries(parts),
  };
  await writeBaselines(experiment, record);
  return record;
}

const recorded = ({ name, explanation, scores }: BaselineScores) => ({
  name,
  explanation,
  scores: rounded(scores as Parameters<typeof rounded>[0]),
});

/** The same data with only some rows of one split. */
function withRows(dataset: Dataset, split: string, places: readonly number[]): Dataset {
  const rows = (name: string) =>
    name === split ? places.map((place) => dataset.split(name)[place]!) : dataset.split(name);
  return createDataset(dataset.name, new Map(dataset.splits.map((name) => [name, rows(name)])));
}
