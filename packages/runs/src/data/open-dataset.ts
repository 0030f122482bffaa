import type { Dataset } from '@eim/contracts';
import { mixDatasets } from '@eim/core';
import { type DataConfig, isMixture, type OneDataConfig } from '../config/data-schema.js';
import { type DatasetSources, datasetOptions, resolveDataset } from './resolve-dataset.js';

export interface OpenDatasetOptions extends DatasetSources {
  readonly signal?: AbortSignal | undefined;
}

/** The data set that a config names. Pictures are decoded when they are needed. */
export async function openDataset(config: DataConfig, options: OpenDatasetOptions): Promise<Dataset> {
  if (!isMixture(config)) return openOne(config, options);
  const parts = [];
  for (const part of config.of) {
    parts.push({ dataset: await openOne(part, options), weight: part.weight as number });
  }
  return mixDatasets(parts, { order: config.order });
}

async function openOne(config: OneDataConfig, { signal, ...sources }: OpenDatasetOptions): Promise<Dataset> {
  const { entry } = await resolveDataset(config, sources);
  return entry.create(datasetOptions(entry, config), signal ? { signal } : {});
}
