import { ready, setBackend } from '@tensorflow/tfjs-core';
import type { EngineName } from './engine-types.js';
import { engineUnavailable } from './engine-unavailable.js';

/** Makes a registered TensorFlow.js backend the current one. */
export async function selectBackend(engine: EngineName, backendName: string, advice: string): Promise<void> {
  if (!(await setBackend(backendName))) {
    const reason = `TensorFlow.js could not initialise its backend '${backendName}'.`;
    throw engineUnavailable({ name: engine, reason, advice });
  }
  await ready();
}
