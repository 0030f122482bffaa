import type { RunLogger } from '@eim/contracts';
import { type PluginLoader, resolveOptions, resolvePlugin } from '@eim/core';
import { combineLoggers, createJsonLinesLogger, createTensorBoardLogger } from '@eim/core/node';
import type { Config } from '../config/read-config.js';
import type { RunFolder } from '../run-folder/run-folder.js';

/** `metrics.jsonl`, TensorBoard's events, and the loggers that a config names. */
export async function createRunLogger(
  { name, loggers }: Pick<Config, 'name' | 'loggers'>,
  folder: RunFolder,
  loadPlugin: PluginLoader,
): Promise<RunLogger> {
  const others: RunLogger[] = [];
  for (const [index, logger] of loggers.entries()) {
    const { entry } = await resolvePlugin(logger.use, 'loggers', loadPlugin, logger.preset);
    const options = resolveOptions<unknown>(entry, logger, `loggers.${index}`);
    others.push(await entry.create(options, { folder: folder.path, runName: name }));
  }
  return combineLoggers(
    createJsonLinesLogger(folder.metricsFile),
    createTensorBoardLogger(folder.eventsFolder),
    ...others,
  );
}
