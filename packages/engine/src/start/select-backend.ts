import { EimError } from '@eim/contracts';
import { ready, setBackend } from '@tensorflow/tfjs-core';
import type { EngineName, EngineStatus } from './engine-types.js';

/** The error of an engine that was asked for and cannot start. */
export function engineUnavailable(status: Omit<EngineStatus, 'ok'>, cause?: unknown): EimError {
  return new EimError({
    code: 'engine-unavailable',
    message: `The engine '${status.name}' cannot start: ${status.reason}`,
    advice: status.advice,
    data: { engine: status.name, reason: status.reason },
    cause,
  });
}

/** Makes a registered TensorFlow.js backend the current one. */
export async function selectBackend(engine: EngineName, backendName: string, advice: string): Promise<void> {
  if (!(await setBackend(backendName))) {
    const reason = `TensorFlow.js could not initialise its backend '${backendName}'.`;
    throw engineUnavailable({ name: engine, reason, advice });
  }
  await ready();
}
