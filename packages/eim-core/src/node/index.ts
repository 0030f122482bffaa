export { createPluginLoader, type PluginLoaderOptions } from './plugin-resolution/create-plugin-loader.js';
export { type LoadedModel, type LoadModelOptions, loadModel } from './saved-model/load-model.js';
export { type SaveModelOptions, saveModel } from './saved-model/save-model.js';
