import { dirname } from 'node:path';
import type { PluginLoader } from '@eim/core';
import { createPluginLoader } from '@eim/core/node';
import { BUILT_IN_PACKAGES } from '../built-ins.js';

/** Finds plug-ins from the config's folder, then the working folder, then what comes with the command. */
export function pluginLoader(configFile: string, workingFolder: string): PluginLoader {
  return createPluginLoader({
    configFolder: dirname(configFile),
    workingDirectory: workingFolder,
    builtIns: BUILT_IN_PACKAGES,
  });
}
