import type { Host } from './host.js';

export const host: Host = {
  locateWasmBinaries: () => ({ found: true }),
  // The kernels' threads are Node's; in a page they run on the one that asks.
  availableCores: () => 1,
  allowRelaxedSimd: () => false,
};
