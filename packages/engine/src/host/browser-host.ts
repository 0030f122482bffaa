import type { Host, HostThread } from './host.js';

/** The thread of a page itself may not wait for others, and only pages that are isolated from all other sites have any. */
const sharesMemory = (): boolean =>
  (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true &&
  !('document' in globalThis);

export const host: Host = {
  sharesMemory,
  startThread,
  locateWasmBinaries: () => ({ found: true }),
  availableCores: () => (sharesMemory() ? navigator.hardwareConcurrency : 1),
  allowRelaxedSimd: () => false,
};

function startThread(program: string, data: unknown): HostThread {
  const source = `onmessage = ({ data }) => { const ready = () => postMessage('ready');\n${program}\n};`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(url, { name: 'eim kernels' });
  worker.postMessage(data);
  return {
    ready: new Promise<void>((resolve, reject) => {
      worker.onmessage = () => resolve();
      worker.onerror = ({ message }) => reject(new Error(message ?? 'it ended at once'));
    }).finally(() => URL.revokeObjectURL(url)),
    end: async () => worker.terminate(),
  };
}
