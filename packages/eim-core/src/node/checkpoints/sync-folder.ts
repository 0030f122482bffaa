import { open } from 'node:fs/promises';

/** Makes names in a folder durable, where the file system lets a folder be synchronised (Windows does not). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
