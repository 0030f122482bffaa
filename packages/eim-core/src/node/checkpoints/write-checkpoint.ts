import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically, writeSafetensorsFile } from '@eim/weights/node';
import type { Checkpoint } from '../../training/checkpoints/checkpoint.js';
import { hashFile } from './hash-file.js';

/** What `state.json` holds: the state, and the hash of each tensor file. */
export interface StateFile {
  readonly state: Checkpoint['state'];
  /** Hashes by file name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Writes `<group>.safetensors` for each group and `state.json` last, into an empty folder. */
export async function writeCheckpoint(folder: string, { state, tensors }: Checkpoint): Promise<void> {
  const files: Record<string, string> = {};
  for (const [group, arrays] of Object.entries(tensors)) {
    const name = `${group}.safetensors`;
    const path = join(folder, name);
    await writeSafetensorsFile(
      path,
      arrays.map((array) => ({ ...array, dtype: 'F32' as const })),
    );
    files[name] = await hashFile(path);
  }
  const contents: StateFile = { state, files };
  await writeFileAtomically(join(folder, 'state.json'), `${JSON.stringify(contents, null, 2)}\n`);
  await syncFolder(folder);
}

/** Makes names in a folder durable, where the file system lets a folder be synchronised (Windows does not). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
