import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PART_NAMES, parseModelDescription } from '@eim/core';
import { keptWeightsPath, refuseChangedWeights } from '@eim/core/node';
import { readConfig } from '../../config/read-config.js';
import type { CompleteContext } from '../../context.js';
import type { WebContents, WebWeights } from '../../in-page/web-manifest.js';
import { requireTrainedModel } from '../../model/load-run-model.js';
import type { RunFolder } from '../../run-folder/run-folder.js';
import type { PagePackages } from './page-packages.js';
import type { ShardWriter } from './shard-writer.js';
import { writeWebWeights } from './web-weights.js';

const MODEL = 'run';

/**
 * Writes the trained model of a run for a page.
 * @throws EimError `missing-file` where it has none yet; `plugin-not-found` for a package that the page does not have
 */
export async function writeWebRun(
  folder: RunFolder,
  writer: ShardWriter,
  packages: PagePackages,
  context: CompleteContext,
): Promise<WebContents> {
  requireTrainedModel(folder);
  const { config } = await readConfig(folder.configFile, context);
  const modelFile = join(folder.modelFolder, 'model.json');
  const description = parseModelDescription(await readFile(modelFile, 'utf8'), modelFile);
  const weights: Record<string, WebWeights> = {};
  for (const part of PART_NAMES) {
    const { use, weights: kept, adapter } = description.parts[part];
    packages.require(use);
    if (kept === undefined) continue;
    const path = keptWeightsPath(folder.modelFolder, kept);
    await refuseChangedWeights(path, kept);
    const adapterPath = adapter && keptWeightsPath(folder.modelFolder, adapter);
    if (adapter) await refuseChangedWeights(adapterPath!, adapter);
    weights[kept.path] = await writeWebWeights(`${part}-weights`, path, writer, adapterPath);
  }
  const files = [description.weights, ...(description.tokenizer === null ? [] : [description.tokenizer])];
  for (const file of ['model.json', ...files]) {
    await writer.copy(`${MODEL}/${file}`, join(folder.modelFolder, file));
  }
  const { beams, maxNewTokens } = config.evaluation;
  return { kind: 'run', model: MODEL, weights, captions: { beams, maxNewTokens } };
}
