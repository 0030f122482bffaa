import { currentEngine } from './current-engine.js';
import { ENGINE_DRIVERS } from './engine-drivers.js';
import type { EngineStatus } from './engine-types.js';

/** Every engine, fastest first, with why it can or cannot start. Looks only: none is started. */
export async function listEngines(): Promise<EngineStatus[]> {
  const running = currentEngine();
  return Promise.all(
    ENGINE_DRIVERS.map(async (driver) => {
      if (driver.name !== running?.name) return driver.status();
      return { name: driver.name, ok: true, reason: `Running on ${running.device}.`, advice: '' };
    }),
  );
}
