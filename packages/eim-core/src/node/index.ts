export { createPluginLoader, type PluginLoaderOptions } from './plugin-resolution/create-plugin-loader.js';
