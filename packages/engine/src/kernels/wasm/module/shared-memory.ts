import { shareMemory } from './share-memory.js';

/** Whether threads can see a memory. */
export function isShared(memory: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
}

/**
 * A URL of the backend's binary with its memory shared; undefined where such a memory cannot be had. The address
 * space of 4 GiB is reserved at once then, which a limit on it may refuse.
 */
export async function sharedBinaryUrl(read: () => Promise<Uint8Array>): Promise<string | undefined> {
  try {
    const binary = shareMemory(await read(), true);
    new WebAssembly.Memory({ initial: 256, maximum: 65_536, shared: true });
    if (!WebAssembly.validate(binary)) return undefined;
    return URL.createObjectURL(new Blob([binary], { type: 'application/wasm' }));
  } catch {
    return undefined;
  }
}
