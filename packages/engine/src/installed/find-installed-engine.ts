import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.js';
import {
  BINDING_VERSION,
  type EngineRecord,
  type InstallableEngine,
  readEngineRecord,
  recordFile,
  TENSORFLOW_VERSION,
  thisPlatform,
} from './engine-record.js';

/**
 * Where engines are installed for all of a user's projects: `EIM_ENGINES`, else `engines` in `EIM_CACHE`, else in
 * the user's cache folder. A project's own `node_modules` is never written to, and `npm ci` takes nothing away.
 */
export function enginesFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.EIM_ENGINES || join(cacheFolder(environment), 'engines');
}

/** An installed engine, what is wrong with it, or undefined where none is installed. */
export type FoundEngine =
  | { readonly usable: true; readonly folder: string; readonly record: EngineRecord }
  | { readonly usable: false; readonly reason: string };

/** The library that the binding is linked with. */
export const TENSORFLOW_LIBRARY = 'libtensorflow_cc.so.2';

/** Looks at what is installed, and loads nothing. */
export function findInstalledEngine(
  engine: InstallableEngine,
  engines: string = enginesFolder(),
): FoundEngine | undefined {
  let record: EngineRecord | undefined;
  try {
    record = readEngineRecord(engines, engine);
  } catch (error) {
    return broken(`${recordFile(engines, engine)} cannot be read (${(error as Error).message}).`);
  }
  if (record === undefined) return undefined;
  const folder = join(engines, record.folder);
  const reason = problemOf(record, folder);
  return reason === undefined ? { usable: true, folder, record } : broken(reason);
}

function problemOf(record: EngineRecord, folder: string): string | undefined {
  if (record.platform !== thisPlatform())
    return `its binding was built for ${record.platform}, and this Node is ${thisPlatform()}.`;
  if (record.nodeApi > Number(process.versions.napi))
    return `its binding needs Node-API ${record.nodeApi}, and Node ${process.version} has ${process.versions.napi}.`;
  if (record.tensorflow !== TENSORFLOW_VERSION || record.binding !== BINDING_VERSION)
    return `it was built for TensorFlow ${record.tensorflow} and binding ${record.binding}; this version needs ${TENSORFLOW_VERSION} and ${BINDING_VERSION}.`;
  if (!existsSync(bindingFile(folder))) return `its binding ${bindingFile(folder)} is missing.`;
  const library = join(record.libraries, TENSORFLOW_LIBRARY);
  if (!existsSync(library)) return `its TensorFlow is gone: ${library} is missing.`;
  const bytes = statSync(library).size;
  if (bytes !== record.libraryBytes)
    return `its TensorFlow was changed: ${library} has ${bytes} bytes where the binding was built for one of ${record.libraryBytes}.`;
  return undefined;
}

/** The compiled binding in an engine's folder. */
export function bindingFile(folder: string): string {
  return join(folder, 'binding', 'tfjs_binding.node');
}

function broken(reason: string): FoundEngine {
  return { usable: false, reason };
}
