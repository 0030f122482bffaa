import type { CaptionDataset } from '@eim/contracts';
import type { DataConfig } from '../config/data-schema.js';

/** The data set that a config names. Pictures are decoded when they are needed. */
export async function openDataset(config: DataConfig): Promise<CaptionDataset> {
  if (config.use === 'scenes') {
    const { createSceneDataset } = await import('@eim/datasets');
    const { use: _, ...options } = config;
    return createSceneDataset(options);
  }
  const { openCaptions } = await import('./open-captions.js');
  return openCaptions(config);
}
