import { shareMemory } from './share-memory.js';

/** Whether threads can see a memory. */
export function isShared(memory: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
}

/**
 * The backend's binary with its memory shared; undefined where such a memory cannot be had. The address space of 4 GiB is reserved
 * at once then, which a limit on it may refuse.
 */
export async function sharedBinary(
  read: () => Promise<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const binary = shareMemory(await read(), true);
    new WebAssembly.Memory({ initial: 256, maximum: 65_536, shared: true });
    return WebAssembly.validate(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}
