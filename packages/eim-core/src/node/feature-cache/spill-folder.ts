import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import type { OpenSpillFile } from '../../training/data/record-store.js';

/**
 * Files below a folder for features that memory has no room for. Each is deleted when it is closed; on systems that allow it,
 * it has no name from the start, so that a killed process leaves nothing.
 * @param folder on a disk with room: temporary folders are often memory
 */
export function createSpillFolder(folder: string): OpenSpillFile {
  return async (recordBytes) => {
    await mkdir(folder, { recursive: true });
    const own = await mkdtemp(join(folder, 'features-'));
    const path = join(own, 'records');
    const file = await open(path, 'w+');
    if (process.platform !== 'win32') await rm(own, { recursive: true, force: true });
    return {
      write: async (index, record) => {
        try {
          const { bytesWritten } = await file.write(record, 0, recordBytes, index * recordBytes);
          if (bytesWritten < recordBytes)
            throw new Error(`${bytesWritten} of ${recordBytes} bytes found room`);
        } catch (cause) {
          throw new EimError({
            code: 'storage-failed',
            message: `Features could not be written below ${folder}: ${(cause as Error).message}.`,
            advice: 'Make room there, choose another cache folder, or allow more memory for pictures.',
            data: { folder },
            cause,
          });
        }
      },
      read: async (index, record) => {
        const { bytesRead } = await file.read(record, 0, recordBytes, index * recordBytes);
        if (bytesRead === recordBytes) return;
        throw new EimError({
          code: 'storage-failed',
          message: `Features below ${folder} were cut off: ${bytesRead} of ${recordBytes} bytes could be read.`,
          advice: 'Check the disk and start again from the last checkpoint.',
          data: { folder, index },
        });
      },
      close: async () => {
        await file.close();
        await rm(own, { recursive: true, force: true });
      },
    };
  };
}
