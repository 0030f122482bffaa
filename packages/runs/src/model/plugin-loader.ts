import { dirname } from 'node:path';
import type { PluginLoader } from '@eim/core';
import { createPluginLoader } from '@eim/core/node';
import type { CompleteContext } from '../context.js';

/** Finds plug-ins from the config's folder, then the working folder, then among the packages of the context. */
export function pluginLoader(
  configFile: string,
  { packages, workingFolder }: Pick<CompleteContext, 'packages' | 'workingFolder'>,
): PluginLoader {
  return createPluginLoader({
    configFolder: dirname(configFile),
    workingDirectory: workingFolder,
    builtIns: packages,
  });
}
