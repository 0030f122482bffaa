import { dirname, join } from 'node:path';
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

/** Where there is no config: from the working folder, then among the packages of the context. */
export const programPluginLoader = (
  context: Pick<CompleteContext, 'packages' | 'workingFolder'>,
): PluginLoader => pluginLoader(join(context.workingFolder, 'eim'), context);
