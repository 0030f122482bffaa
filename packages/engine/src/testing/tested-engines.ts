import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findInstalledEngine } from '../installed/find-installed-engine.js';
import type { EngineInfo, EngineName } from '../start/engine-types.js';
import { startEngine } from '../start/start-engine.js';

export interface TestedEngine {
  readonly engine: EngineName;
  /** Why tests of it are skipped; undefined where they run. */
  readonly skipped: string | undefined;
}

/**
 * Engines that tests run on. `node` needs TensorFlow, which no test downloads: it is tested where EIM_ENGINES names
 * the folder of an installed one. `webgpu` is tested where EIM_WEBGPU_PROJECT names a folder in which
 * @tensorflow/tfjs-backend-webgpu and webgpu are installed; a machine without a GPU needs SwiftShader too
 * (VK_DRIVER_FILES).
 */
export function testedEngines(): TestedEngine[] {
  return [
    { engine: 'cpu', skipped: undefined },
    { engine: 'wasm', skipped: undefined },
    { engine: 'node', skipped: nodeSkipped() },
    { engine: 'webgpu', skipped: webgpuSkipped() },
  ];
}

function nodeSkipped(): string | undefined {
  if (!process.env.EIM_ENGINES) return 'EIM_ENGINES names no folder of installed engines';
  const found = findInstalledEngine('node');
  if (!found) return `no node engine in ${process.env.EIM_ENGINES}`;
  return found.usable ? undefined : found.reason;
}

function webgpuSkipped(): string | undefined {
  const { EIM_WEBGPU_PROJECT: project } = process.env;
  if (!project) return 'EIM_WEBGPU_PROJECT names no project with @tensorflow/tfjs-backend-webgpu and webgpu';
  return existsSync(join(project, 'node_modules', 'webgpu')) ? undefined : `no webgpu in ${project}`;
}

/** Starts an engine for a test; `webgpu` is found from the project that holds it. */
export async function startTested(engine: EngineName): Promise<EngineInfo> {
  const home = process.cwd();
  if (engine === 'webgpu') process.chdir(process.env.EIM_WEBGPU_PROJECT!);
  try {
    return await startEngine({ engine });
  } finally {
    process.chdir(home);
  }
}
