import { findInstalledEngine } from '../native/find-installed-engine.js';
import type { EngineName } from '../start/engine-types.js';

export interface TestedEngine {
  readonly engine: EngineName;
  /** Why tests of it are skipped; undefined where they run. */
  readonly skipped: string | undefined;
}

/**
 * Engines that tests run on. `node` needs TensorFlow, which no test downloads: it is tested where EIM_ENGINES names
 * the folder of an installed one.
 */
export function testedEngines(): TestedEngine[] {
  return [
    { engine: 'cpu', skipped: undefined },
    { engine: 'wasm', skipped: undefined },
    { engine: 'node', skipped: nodeSkipped() },
  ];
}

function nodeSkipped(): string | undefined {
  if (!process.env.EIM_ENGINES) return 'EIM_ENGINES names no folder of installed engines';
  const found = findInstalledEngine('node');
  if (!found) return `no node engine in ${process.env.EIM_ENGINES}`;
  return found.usable ? undefined : found.reason;
}
