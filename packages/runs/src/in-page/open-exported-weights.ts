import { findModel, type OpenedWeights, openedWeights, openWeightFiles, withLora } from '@eim/weights';
import type { ExportedFiles } from './exported-files.js';
import type { WebWeights } from './web-manifest.js';

/**
 * Opens published weights of an exported folder, with the LoRA that they are read with. Only headers are read.
 * @throws EimError as `openPublishedWeights` of @eim/weights/node
 */
export async function openExportedWeights(
  described: WebWeights,
  files: ExportedFiles,
): Promise<OpenedWeights> {
  const { folder, weightFiles, adapter, config, generationConfig, preprocessorConfig } = described;
  const file = await openWeightFiles(folder, weightFiles, async (name) => files.source(folder + name));
  const weights = openedWeights(findModel(file), {
    name: folder,
    files: described.files,
    config: config ?? file.metadata,
    ...(generationConfig && { generationConfig }),
    ...(preprocessorConfig && { preprocessorConfig }),
  });
  if (weights.problem) throw weights.problem;
  if (adapter === undefined) return weights;
  const tensors = await openWeightFiles(folder, [adapter.file], async (name) => files.source(name));
  const adapted = await withLora(
    weights,
    {
      name: adapter.file,
      tensorNames: tensors.tensorNames,
      has: (tensor) => tensors.has(tensor),
      info: (tensor) => tensors.info(tensor),
      read: (tensor) => tensors.read(tensor),
    },
    adapter.config,
  );
  return { ...weights, ...adapted };
}
