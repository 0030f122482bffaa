import { version_core } from '@tensorflow/tfjs-core';

/** Raised with every change of a kernel or of an op's arithmetic. */
const EIM_KERNELS = 5;

/** Identifies the arithmetic of an engine: our kernels, core, and the backend's own version. */
export function kernelVersion(backend: string): string {
  return `eim-${EIM_KERNELS}+core-${version_core}+${backend}`;
}
