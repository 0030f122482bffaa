import { statfs } from 'node:fs/promises';
import { EimError } from '@eim/contracts';
import { shownBytes } from './shown-bytes.js';

/** Checks that so many bytes fit on the disk of a folder, before they are asked for. @throws EimError `storage-failed` */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  // Some file systems do not say; then writing will.
  const system = await statfs(folder).catch(() => undefined);
  if (system === undefined || system.blocks === 0) return;
  const free = system.bavail * system.bsize;
  if (free >= bytes) return;
  throw new EimError({
    code: 'storage-failed',
    message: `${folder} has ${shownBytes(free)} free, and ${shownBytes(bytes)} are needed.`,
    advice: 'Free some space, or choose another folder by EIM_CACHE (HF_HOME for models of the hub).',
    data: { folder, free, bytes },
  });
}
