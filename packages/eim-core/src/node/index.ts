export { type CheckpointFolderOptions, createCheckpointFolder } from './checkpoints/checkpoint-folder.js';
export { createFeatureFolder } from './feature-cache/feature-folder.js';
export { combineLoggers } from './logs/combine-loggers.js';
export { createJsonLinesLogger, type RunLogEntry } from './logs/json-lines-logger.js';
export { readRunLog } from './logs/read-run-log.js';
export { createTensorBoardLogger } from './logs/tensor-board-logger.js';
export { createPluginLoader, type PluginLoaderOptions } from './plugin-resolution/create-plugin-loader.js';
export { type LoadedModel, type LoadModelOptions, loadModel } from './saved-model/load-model.js';
export { type SaveModelOptions, saveModel } from './saved-model/save-model.js';
