import type { CaptionDataset } from '@eim/contracts';
import { usageError } from '../command/usage-error.js';

export async function openCaptions(config: { path: string }): Promise<CaptionDataset> {
  throw usageError(`x ${config.path}`, '');
}
