import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FoundEngine, findInstalledEngine } from '../installed/find-installed-engine.js';
import type { EngineStatus } from './engine-types.js';
import { type ProjectPackage, projectPackage } from './project-require.js';

export type NodeEngineName = 'node' | 'node-gpu';

/** Where TensorFlow's C library would come from. */
export type NodeSource =
  | { readonly from: 'package'; readonly found: ProjectPackage; readonly packageName: string }
  | { readonly from: 'installed'; readonly found: FoundEngine & { usable: true } };

/**
 * A published package of the user's project with its own binary goes first, then what `eim engine install` built.
 * Where there is neither, or what there is cannot work: why, and what to do.
 */
export function nodeSource(name: NodeEngineName): NodeSource | Omit<EngineStatus, 'ok'> {
  const packageName = name === 'node' ? '@tensorflow/tfjs-node' : '@tensorflow/tfjs-node-gpu';
  const install = `Run 'eim engine install ${name}', or choose another engine.`;
  const found = projectPackage(packageName);
  const missing = found && missingBinary(found.folder);
  if (found && missing === undefined) return { from: 'package', found, packageName };
  const installed = findInstalledEngine(name);
  if (installed?.usable) return { from: 'installed', found: installed };
  if (installed) {
    return { name, reason: `it is installed, but ${installed.reason}`, advice: install };
  }
  const reason = found
    ? `${packageName} is installed without ${missing}.`
    : `${packageName} is not installed, nor was the engine built by eim.`;
  const rebuild = found
    ? `Run 'eim engine install ${name}', or 'npm rebuild ${packageName}' where its download host can be reached, or choose another engine.`
    : `Run 'eim engine install ${name}' (or 'npm install ${packageName}'), or choose another engine.`;
  return { name, reason, advice: rebuild };
}

/** The install script fetches two files; without its network they are absent though the package is there. */
function missingBinary(folder: string): string | undefined {
  const library = join(folder, 'lib');
  const builds = existsSync(library)
    ? readdirSync(library).filter((entry) => entry.startsWith('napi-v'))
    : [];
  const hasAddon = builds.some((build) => existsSync(join(library, build, 'tfjs_binding.node')));
  return hasAddon ? undefined : 'its native addon (lib/napi-v8/tfjs_binding.node)';
}
