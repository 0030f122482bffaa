import { EimError } from '@eim/contracts';
import { currentEngine } from '@eim/engine';

/** Which engine runs; keys the feature cache, and a resumed run must have the same. */
export interface EngineIdentity {
  readonly name: string;
  readonly kernelVersion: string;
  readonly threads: number;
  /** True where steps are not recorded although the engine could: results may differ in their last digits. */
  readonly eager?: true;
}

/** @throws EimError `engine-unavailable` where none runs */
export function runningEngine(): EngineIdentity {
  const engine = currentEngine();
  if (!engine) {
    throw new EimError({
      code: 'engine-unavailable',
      message: 'No engine runs.',
      advice: 'Call startEngine of @eim/engine first.',
    });
  }
  const { name, kernelVersion, threads } = engine;
  return { name, kernelVersion: String(kernelVersion), threads };
}
