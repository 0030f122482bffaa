import { EimError } from '@eim/contracts';
import type { EngineStatus } from './engine-types.js';

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
